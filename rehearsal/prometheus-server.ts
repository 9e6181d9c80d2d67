import type { SeriesListing } from '../core/adapter';
import { accountOf, discoveryRequests, refusedText } from '../core/chain';
import { messageOf, NotSupportedError } from '../core/errors';
import { refOf } from '../core/kube/object';
import type { Prometheus } from '../core/kube/kinds/monitoring';
import type { ScrapeJob, Target } from '../core/operator';
import {
  DEFAULT_LOOKBACK_MS,
  parseSelector,
  prepare,
  selectorsOf,
  SeriesStore,
  type PreparedQuery,
  type QueryResult,
} from '../core/promql';
import { Discovery } from './discovery';
import type { Endpoints } from './endpoints';
import type { Network } from './network';
import type { ScrapePhase } from './phases';
import type { ProgramRun } from './program-run';
import { ScrapeLoop, targetKey } from './scrape-loop';
import { whyNoTargets } from './why-no-targets';
import type { VirtualPod } from './virtual-pod';
import type { World } from './world';

const TRUNCATE_EVERY_MS = 600_000;
/** Samples that are kept even if no query looks back as far. */
const LEAST_RETENTION_MS = 1_800_000;
const MOST_PREPARED = 10_000;

/** An answer that is an error: the HTTP status, and type and message as the API has them. */
interface QueryFailure {
  readonly status: 400 | 422;
  readonly error: string;
}

/** A Prometheus: scrapes the targets of its jobs and answers queries, while its pod runs. */
export class PrometheusServer {
  private store = new SeriesStore();
  private pod: VirtualPod | undefined;
  private discovery: Discovery | undefined;
  private loops = new Map<string, ScrapeLoop>();
  private pending = false;
  /** Of each job, what is known of scrapes of targets that were not found yet. */
  private readonly phases = new Map<string, ScrapePhase[]>();
  private retentionMs = LEAST_RETENTION_MS;
  private readonly prepared = new Map<string, PreparedQuery>();

  constructor(
    private readonly world: World,
    private readonly endpoints: Endpoints,
    private readonly network: Network,
    readonly prometheus: Prometheus,
    private readonly jobs: readonly ScrapeJob[],
  ) {
    world.clock.every(TRUNCATE_EVERY_MS, TRUNCATE_EVERY_MS, () => {
      this.store.truncate(world.clock.now - this.retentionMs);
    });
  }

  /** To be told of every change of a pod. */
  notice(pod: VirtualPod, own: boolean): void {
    if (own) this.noticeOwn(pod);
    const { discovery } = this;
    if (!discovery) return;
    discovery.notice(pod);
    if (this.pending) return;
    this.pending = true;
    this.world.clock.at(discovery.reloadMs(), () => {
      this.pending = false;
      this.refresh();
    });
  }

  /** Instant query, at the present time unless another is given. */
  query(text: string, atMs = this.world.clock.now): QueryResult | QueryFailure {
    let query: PreparedQuery;
    try {
      query = this.prepare(text);
    } catch (error) {
      if (error instanceof NotSupportedError) throw error;
      return { status: 400, error: `bad_data: ${messageOf(error)}` };
    }
    try {
      return query.evaluate(this.store, atMs);
    } catch (error) {
      if (error instanceof NotSupportedError) throw error;
      return { status: 422, error: `execution: ${messageOf(error)}` };
    }
  }

  /** The labels of the series that a selector finds with samples since a time. */
  series(selector: string, fromMs: number): SeriesListing {
    this.retentionMs = Math.max(this.retentionMs, this.world.clock.now - fromMs);
    try {
      const matchers = parseSelector(selector);
      if (matchers.every((matcher) => matcher.matches(''))) {
        return { error: 'bad_data: match[] must contain at least one non-empty matcher' };
      }
      return this.store.seriesBetween(matchers, fromMs, this.world.clock.now);
    } catch (error) {
      if (error instanceof NotSupportedError) throw error;
      return { error: `bad_data: ${messageOf(error)}` };
    }
  }

  private noticeOwn(pod: VirtualPod): void {
    const runs = pod.running && !pod.deleting;
    if (runs && !this.pod) this.start(pod);
    if (!runs && this.pod === pod) this.stop();
  }

  private start(pod: VirtualPod): void {
    this.pod = pod;
    if (!('storage' in this.prometheus.spec)) this.store = new SeriesStore();
    const problem = this.network.apiProblem(pod);
    this.world.journal.state(
      'discovery',
      refOf(this.prometheus),
      'API server',
      problem === undefined ? [] : [`no targets are found: ${problem}`],
    );
    if (problem === undefined)
      this.discovery = new Discovery(this.world, this.endpoints, this.permitted(pod));
  }

  /** The jobs whose targets RBAC lets it look up; the others never get one. */
  private permitted({ workload }: VirtualPod): readonly ScrapeJob[] {
    const { rbac, journal } = this.world;
    return this.jobs.filter((job) => {
      const refused = refusedText(rbac, accountOf(workload), discoveryRequests(job));
      if (refused !== undefined)
        journal.state('discovery', job.source, `${job.name} access`, [`no targets are found: ${refused}`]);
      return refused === undefined;
    });
  }

  private stop(): void {
    this.pod = undefined;
    this.discovery = undefined;
    for (const loop of this.loops.values()) loop.stop();
    this.loops = new Map();
  }

  private refresh(): void {
    const { discovery, pod } = this;
    if (!discovery || !pod) return;
    const loops = new Map<string, ScrapeLoop>();
    for (const [job, targets] of discovery.targets()) {
      const problems = targets.length > 0 ? [] : whyNoTargets(job, this.prometheus, this.world.inventory);
      this.world.journal.state('discovery', job.source, job.name, problems);
      for (const target of targets) {
        const key = targetKey(target);
        const loop = loops.get(key) ?? this.loops.get(key) ?? this.loop(target, pod);
        loops.set(key, loop);
        this.loops.delete(key);
      }
    }
    for (const loop of this.loops.values()) loop.stop();
    this.loops = loops;
  }

  private loop(target: Target, from: VirtualPod): ScrapeLoop {
    const pod = target.pod && this.world.pods.find(target.pod.namespace, target.pod.name);
    const blocked = pod && this.network.blocked(from, pod, target.port);
    const source = () => {
      if (!pod) return 'no pod has this address';
      // Until discovery has noticed, an ended pod is scraped in vain; that is nobody's mistake.
      if (pod.gone) return undefined;
      return blocked ?? this.exposedBy(pod, target);
    };
    return new ScrapeLoop(this.world, this.store, target, source, this.phaseOf(target, pod));
  }

  private phaseOf({ job: { name } }: Target, pod: VirtualPod | undefined): number | undefined {
    const left = this.phases.get(name) ?? [...(this.world.phases.scrapes?.[name] ?? [])];
    this.phases.set(name, left);
    const index = left.findIndex(({ node }) => node === undefined || node === pod?.node?.name);
    return index < 0 ? undefined : left.splice(index, 1)[0]?.phaseMs;
  }

  private exposedBy(pod: VirtualPod, { port, metricsPath }: Target): ProgramRun | string {
    const { now } = this.world.clock;
    const answering = pod.runs.filter(({ answersFromMs }) => answersFromMs <= now);
    const exposing = answering.find(({ program }) => program.exposes(port, metricsPath));
    if (exposing) return exposing;
    const request = { from: 'scrape', method: 'GET', path: metricsPath } as const;
    return pod.answering(port, request, now)
      ? `${metricsPath} holds no metrics`
      : `connection refused: nothing listens on port ${port}`;
  }

  private prepare(text: string): PreparedQuery {
    let query = this.prepared.get(text);
    if (!query) {
      query = prepare(text);
      for (const use of selectorsOf(query.expr)) {
        const { rangeMs = DEFAULT_LOOKBACK_MS, subqueryRangeMs, offsetMs } = use;
        const reachMs = rangeMs + subqueryRangeMs + Math.max(0, offsetMs) + DEFAULT_LOOKBACK_MS;
        this.retentionMs = Math.max(this.retentionMs, reachMs);
      }
      const [oldest] = this.prepared.keys();
      if (this.prepared.size >= MOST_PREPARED && oldest !== undefined) this.prepared.delete(oldest);
      this.prepared.set(text, query);
    }
    return query;
  }
}
