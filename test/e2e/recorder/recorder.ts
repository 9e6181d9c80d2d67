import { CollectionWatch, PATIENCE, type ApiClient, type Patience } from '../../../apps/kube-api';
import type { CollectionSink } from '../../../apps/kube-api/collection-watch';
import { namespaceOf } from '../../../core/kube/inventory';
import type { ExpectationOutcome, LinkProblem, Timeline, TimelineEvent } from '../../../core/model';
import { AutoscalerLog } from './autoscaler-log';
import { Columns } from './columns';
import { heardAutoscaler, heardDeployment, heardEvent, type HeardDeployment, type HeardEvent } from './heard';

/** What is recorded, and how it is called. */
export interface RecorderProps {
  readonly client: ApiClient;
  /** Names the run in the timeline. */
  readonly name: string;
  /** `kube-apiserver, Kubernetes 1.36.1, 4 nodes, sync every 3s`. */
  readonly cluster: string;
  /** Time zero by `now`, the moment when the objects were applied; until {@link Recorder.begin} the start. */
  readonly zeroMs?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly patience?: Patience;
  readonly onProblem?: (path: string, error: unknown) => void;
}

/** What only the harness knows of a run. */
export interface RunFacts {
  readonly durationMs?: number;
  readonly outcomes?: readonly ExpectationOutcome[];
  readonly problems?: readonly LinkProblem[];
}

/** How soon the recorder is back after the API server was away. */
const QUICK_RETRY = { first: 200, most: 1000 };

/** Follows what the controllers of a cluster do, from now on. */
export function startRecorder(props: RecorderProps): Recorder {
  return new Recorder(props);
}

/** Writes down what happens in a cluster, as the rehearsal does it: see {@link Timeline}. */
export class Recorder {
  private readonly now: () => number;
  private zeroMs: number;
  private readonly stopping = new AbortController();
  private readonly watches: readonly Promise<void>[];
  private readonly logs = new Map<string, AutoscalerLog>();
  private readonly deployments = new Map<string, { replicas: number; readonly columns: Columns }>();
  /** Of events, how often each was said. */
  private readonly counts = new Map<string, number>();
  private readonly events: TimelineEvent[] = [];

  constructor(private readonly props: RecorderProps) {
    this.now = props.now ?? (() => performance.now());
    this.zeroMs = props.zeroMs ?? this.now();
    this.watches = [
      this.watch('/apis/autoscaling/v2/horizontalpodautoscalers', (object) => this.autoscaler(object)),
      this.watch('/apis/apps/v1/deployments', (object) => this.deployment(object)),
      this.watch('/api/v1/events', (object) => this.event(object)),
    ];
  }

  /** Time zero is now: the objects were applied. */
  begin(): void {
    this.zeroMs = this.now();
  }

  /** Milliseconds since time zero. */
  get elapsedMs(): number {
    return this.now() - this.zeroMs;
  }

  /** Time zero by the clock of the machine. */
  get zeroOnClockMs(): number {
    return Date.now() - this.elapsedMs;
  }

  /** Adds an event of the harness, such as a fault; times since time zero. */
  recordEvent(event: TimelineEvent): void {
    this.events.push({ ...event, atMs: event.atMs + this.zeroMs });
  }

  /** What was heard until now. */
  timeline({ durationMs = this.elapsedMs, outcomes = [], problems = [] }: RunFacts = {}): Timeline {
    const moment = (atMs: number) => Math.max(0, Math.round(atMs - this.zeroMs));
    const logs = [...this.logs.values()];
    return {
      name: this.props.name,
      durationMs: Math.round(durationMs),
      // A cluster is not drawn by lot; it has noise of its own.
      seed: 0,
      noise: true,
      cluster: this.props.cluster,
      autoscalers: logs.map((log) => log.timeline(moment)),
      workloads: logs.flatMap(({ namespace, target: { kind, name } }) => {
        const found = kind === 'Deployment' ? this.deployments.get(`${namespace}/${name}`) : undefined;
        if (!found) return [];
        const { atMs, first, second } = found.columns;
        return [{ kind, namespace, name, atMs: atMs.map(moment), pods: [...first], ready: [...second] }];
      }),
      loads: [],
      problems,
      events: this.events
        .map((event) => ({ ...event, atMs: moment(event.atMs) }))
        .sort((a, b) => a.atMs - b.atMs),
      outcomes,
    };
  }

  /** Ends the watches; the timeline stays. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.watches);
  }

  private watch(path: string, take: (object: unknown) => void): Promise<void> {
    const { client, patience = { ...PATIENCE, retryMs: QUICK_RETRY }, onProblem } = this.props;
    const attempt = (object: unknown): void => {
      try {
        take(object);
      } catch (error) {
        onProblem?.(path, error);
      }
    };
    const sink: CollectionSink = {
      listing: () => ({ page: (objects) => objects.forEach(attempt), done: () => undefined }),
      changed: attempt,
      removed: () => undefined,
    };
    const watch = new CollectionWatch({
      ...{ client, path, sink, patience },
      random: () => Math.random(),
      onProblem: (error) => onProblem?.(path, error),
      onHeard: () => undefined,
    });
    return watch.run(this.stopping.signal);
  }

  private autoscaler(object: unknown): void {
    const heard = heardAutoscaler.parse(object);
    const key = `${namespaceOf(heard)}/${heard.metadata.name}`;
    const log = this.logs.get(key) ?? new AutoscalerLog(heard);
    this.logs.set(key, log);
    log.heard(heard, this.now());
  }

  private deployment(object: unknown): void {
    const heard: HeardDeployment = heardDeployment.parse(object);
    const { spec, status, metadata } = heard;
    const namespace = namespaceOf(heard);
    const key = `${namespace}/${metadata.name}`;
    const atMs = this.now();
    const known = this.deployments.get(key);
    const entry = known ?? { replicas: spec.replicas, columns: new Columns() };
    this.deployments.set(key, entry);
    entry.columns.add(atMs, status.replicas, status.readyReplicas);
    if (entry.replicas === spec.replicas) return;
    const change = { atMs, from: entry.replicas, to: spec.replicas };
    entry.replicas = spec.replicas;
    for (const log of this.logs.values()) {
      const { kind, name } = log.target;
      if (kind === 'Deployment' && log.namespace === namespace && name === metadata.name)
        log.changes.push(change);
    }
  }

  private event(object: unknown): void {
    const heard: HeardEvent = heardEvent.parse(object);
    const { kind, name, namespace } = heard.involvedObject;
    if (kind !== 'HorizontalPodAutoscaler' || name === undefined) return;
    const key = heard.metadata.uid ?? `${namespace}/${heard.metadata.name}`;
    const count = heard.series?.count ?? heard.count ?? 1;
    if (count <= (this.counts.get(key) ?? 0)) return;
    this.counts.set(key, count);
    const { reason, message } = heard;
    const atMs = this.now();
    const type = heard.type === 'Warning' ? 'Warning' : 'Normal';
    const text = `${kind} ${namespace}/${name}`;
    this.events.push({ atMs, source: 'horizontal-pod-autoscaler', object: text, type, reason, message });
    // An event of a warning that repeats at every sync is told once, as the rehearsal does it.
    const log = this.logs.get(`${namespace}/${name}`);
    if (count === 1 || reason === 'SuccessfulRescale') log?.events.push({ atMs, type, reason, message });
  }
}
