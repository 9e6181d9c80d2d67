import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/errors';
import { type AdapterOptions, startOurAdapter, startUpstream } from '../control-plane/adapters';
import type { AggregatedServer } from '../control-plane/aggregated-server';
import { ControlPlane } from '../control-plane/control-plane';
import type { Reply } from '../control-plane/https-client';
import { Prometheus } from '../control-plane/prometheus';
import { typeQuestions } from './accepted-types';
import { answered, differences } from './compare';
import { type Configuration, selectorsIn } from './configurations';
import { type Finding, Findings } from './findings';
import { FrozenPrometheus } from './frozen-prometheus';
import { listedNames, type Question, questions } from './requests';
import { createObjects, seriesAround } from './world';

export interface Outcome {
  /** Differences that are not known. */
  readonly findings: readonly Finding[];
  /** How often each known difference was seen, by its name. */
  readonly known: ReadonlyMap<string, number>;
  readonly configurations: number;
  /** Configurations with which upstream does not start. */
  readonly refused: number;
  readonly requests: number;
  /** Requests that both answered with values. */
  readonly values: number;
  readonly seconds: number;
}

export type Candidate = 'upstream' | 'ours';

/** Adapters are at work in pairs, so many at a time. */
const PARALLEL = 6;
const QUIET_MS = 150;
const SETTLE_TIMEOUT_MS = 15_000;
/** How long a listing may take from its last query until all of it is shown. */
const SHOWN_TIMEOUT_MS = 5000;
const POLL_MS = 50;
const FLAGS = [
  '--metrics-relist-interval=30m',
  // Nobody is to wait for the limit of a client here.
  '--client-qps=1000',
  '--client-burst=1000',
];
const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta1';
const EXTERNAL = '/apis/external.metrics.k8s.io/v1beta1';

type Start = (
  plane: ControlPlane,
  prometheus: { readonly url: string },
  options: AdapterOptions,
) => Promise<AggregatedServer>;

/** What both list: `pods/http_requests`, and names of external metrics. */
interface Listed {
  readonly custom: readonly string[];
  readonly external: readonly string[];
}

/** Both adapters over the same cluster and the same Prometheus. */
export class SideBySide {
  private readonly findings = new Findings();
  private refused = 0;
  private requests = 0;
  private values = 0;
  private configurations = 0;

  private constructor(
    private readonly plane: ControlPlane,
    private readonly prometheus: Prometheus,
    private readonly frozen: FrozenPrometheus,
    private readonly candidate: Candidate,
  ) {}

  static async start(candidate: Candidate): Promise<SideBySide> {
    const now = Math.floor(Date.now() / 1000) * 1000;
    const plane = await ControlPlane.start();
    try {
      await createObjects(plane);
      const prometheus = await Prometheus.start({ data: seriesAround(now) });
      const frozen = await FrozenPrometheus.start(prometheus, now);
      return new SideBySide(plane, prometheus, frozen, candidate);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** Compares the answers under each of the configurations. */
  async compare(
    configurations: readonly Configuration[],
    progress: (done: number) => void = () => {},
  ): Promise<Outcome> {
    const began = performance.now();
    const queue = configurations.values();
    const worker = async (): Promise<void> => {
      for (const configuration of queue) {
        await this.compareOne(configuration, this.configurations++);
        progress(this.configurations);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    const { configurations: compared, refused, requests, values } = this;
    const { unknown, known } = this.findings;
    const seconds = (performance.now() - began) / 1000;
    return { findings: unknown, known, configurations: compared, refused, requests, values, seconds };
  }

  async stop(): Promise<void> {
    await this.frozen.stop();
    await this.prometheus.stop();
    await this.plane.stop();
  }

  private async compareOne(configuration: Configuration, number: number): Promise<void> {
    const [upstream, candidate] = await Promise.all([
      this.begin('upstream', configuration, `upstream-${number}`),
      this.begin(this.candidate, configuration, `candidate-${number}`),
    ]);
    try {
      if (typeof upstream === 'string' || typeof candidate === 'string') {
        if (typeof upstream === 'string') this.refused++;
        if (typeof upstream !== typeof candidate) {
          const sides = { upstream: outcomeOf(upstream), candidate: outcomeOf(candidate) };
          this.findings.note(configuration, { form: 'start', path: '' }, { where: 'outcome', ...sides });
        }
        return;
      }
      const listed = await bothListings(upstream, candidate);
      const types = configuration.types ? typeQuestions(listed.custom, listed.external) : [];
      for (const question of [...questions(listed.custom, listed.external), ...types]) {
        await this.ask(configuration, question, upstream, candidate);
      }
    } finally {
      const started = [upstream, candidate].filter((server) => typeof server !== 'string');
      await Promise.all(started.map((server) => server.stop()));
    }
  }

  /** @returns the adapter once it has asked Prometheus what there is, or why it does not start */
  private async begin(
    side: Candidate,
    { text }: Configuration,
    who: string,
  ): Promise<AggregatedServer | string> {
    const start: Start = side === 'ours' ? startOurAdapter : startUpstream;
    const selectors = selectorsIn(text).length;
    const hasListed = async (server: AggregatedServer): Promise<boolean> =>
      side === 'ours'
        ? (await server.direct('/readyz?verbose')).text.includes('[+]listing ok')
        : this.frozen.hasListed(who, selectors, QUIET_MS);
    try {
      const prometheus = { url: this.frozen.urlFor(who) };
      const server = await start(this.plane, prometheus, { config: text, flags: FLAGS });
      const deadline = performance.now() + SETTLE_TIMEOUT_MS;
      while (!(await hasListed(server)) && performance.now() < deadline) await sleep(POLL_MS);
      return server;
    } catch (error) {
      return messageOf(error);
    }
  }

  private async ask(
    configuration: Configuration,
    question: Question,
    upstream: AggregatedServer,
    candidate: AggregatedServer,
  ): Promise<void> {
    const [theirs, ours] = await Promise.all([asked(upstream, question), asked(candidate, question)]);
    this.requests++;
    if (theirs.text.includes('"value":') && ours.text.includes('"value":')) this.values++;
    for (const difference of differences(answered(theirs), answered(ours))) {
      this.findings.note(configuration, question, difference, ours.status);
    }
  }
}

function asked(server: AggregatedServer, { path, accept, method, user }: Question): Promise<Reply> {
  const headers = accept === undefined ? {} : { accept };
  return user === undefined
    ? server.direct(path, undefined, undefined, headers, method)
    : server.direct(path, user, ['system:authenticated'], headers, method);
}

/** What upstream lists, once it lists what the candidate does or some time has passed. */
async function bothListings(upstream: AggregatedServer, candidate: AggregatedServer): Promise<Listed> {
  const deadline = performance.now() + SHOWN_TIMEOUT_MS;
  for (;;) {
    const [theirs, ours] = await Promise.all([listingOf(upstream), listingOf(candidate)]);
    if (textOf(theirs) === textOf(ours) || performance.now() > deadline) return theirs;
    await sleep(POLL_MS);
  }
}

async function listingOf(server: AggregatedServer): Promise<Listed> {
  const [custom, external] = await Promise.all([server.direct(CUSTOM), server.direct(EXTERNAL)]);
  return { custom: listedNames(custom.text), external: listedNames(external.text) };
}

/** In order, and without what stands for nothing. */
function textOf({ custom, external }: Listed): string {
  const real = [...custom, ...external].filter((name) => !/^(pods\/custom|external)metrics$/.test(name));
  return real.sort().join();
}

function outcomeOf(server: AggregatedServer | string): string {
  return typeof server === 'string' ? server.slice(server.lastIndexOf('\n') + 1) : 'starts';
}
