import type { ClusterState } from '../kube/cluster-state';
import type { Inventory } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import type { Labels } from '../kube/selector';
import type { MetricContract, MetricType } from '../model';
import type { HubbleHttp } from './hubble-config';
import type { Pace } from './pace';

/** A container and what surrounds it, as far as a program's behaviour depends on it. */
export interface Setting {
  readonly workload: Workload;
  readonly container: Container;
  readonly inventory: Inventory;
}

/** The container, for messages. */
export function ownerOf({ workload, container }: Setting): string {
  return `${refText(refOf(workload))}, container ${container.name}`;
}

/** One HTTP request that a program gets: from a client, from the kubelet, or from Prometheus. */
export interface IncomingRequest {
  readonly from: 'client' | 'probe' | 'scrape';
  /** The container port that it comes to, for programs that count by it. */
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  /** Absent for a request without one. */
  readonly body?: string | undefined;
}

/** A series of a program and how it grows: from `start`, or from the newest of `steps` where it has any. */
export interface SeriesModel {
  readonly name: string;
  readonly type: MetricType;
  /** Labels that the program sets itself. */
  readonly labels: Labels;
  readonly start: number;
  /** What one request adds. */
  growth(request: IncomingRequest): number;
  /** The value that one request sets it to, whatever it was before; undefined, or absent, if it does not. */
  sets?(request: IncomingRequest): number | undefined;
  /**
   * When it is exported for the first time. Clients with labels, such as Micrometer, know a series only once something
   * was counted in it: Prometheus never sees its zero. Default `at-start`.
   */
  readonly appears?: 'at-start' | 'with-first-count';
  /** What one second adds. */
  readonly perSecond: number;
  /** Values it is set to, in order of time; times are those of the rehearsal. */
  readonly steps: readonly { readonly atMs: number; readonly value: number }[];
}

/** One value of one series. */
export interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A request on its way through a proxy. */
export interface Forward {
  /** Port of the same pod. */
  readonly port: number;
  /** What the proxy counts once the program there has answered; 503 if none does. */
  counts(status: number): readonly Sample[];
}

/** Requests that one pod sends on its own. */
export interface OutgoingCall {
  /** Where they go: a Service by namespace, name and port. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Absent for requests without one. */
  readonly body?: string | undefined;
  readonly pace: Pace;
  /** How many are sent in all; no end to them without it. The program ends when all its calls have come to theirs. */
  readonly total?: number | undefined;
  /** Whether a sender's request uses the connection of the one before it. */
  readonly keepAlive: boolean;
}

/** What a running container uses of its node. What is not known is absent. */
export interface ContainerUsage {
  readonly cpu?:
    | {
        /** Cores while clients ask for nothing: probes and scrapes are in it. */
        readonly idle: number;
        /** CPU seconds that one answered request of a client takes. */
        readonly perRequest: number;
      }
    | undefined;
  /** Bytes of the working set. */
  readonly memory?: number | undefined;
}

/** What a program does, as far as the chain depends on it. Pure: whoever runs it keeps its numbers. */
export interface Program {
  /** Short name for messages: `backend`. */
  readonly name: string;
  /** What it exports; absent for a program on whose own metrics nothing here depends. */
  readonly exports?: MetricContract | undefined;
  /** Whether it may export a series of this name besides those of `exports`; absent if it exports no others. */
  exportsMore?(series: string): boolean;
  /** Names of series that it exports in a cluster and whose values are not modelled. */
  readonly notModelled: readonly string[];
  /** Series that it exports from its first moment. */
  readonly series: readonly SeriesModel[];
  readonly calls: readonly OutgoingCall[];
  /** Series about the cluster itself, for a program that watches its nodes and pods; worked out at each scrape. */
  gauges?(state: ClusterState): readonly Sample[];
  /** The HTTP status that it answers with; undefined if nothing listens on the port. */
  status(port: number, request: IncomingRequest): number | undefined;
  /** Set for a proxy: where in its own pod a request goes on to; undefined for one that it answers itself. */
  forward?(port: number, request: IncomingRequest): Forward | undefined;
  /** Whether a GET is answered with metrics. */
  exposes(port: number, path: string): boolean;
  /** Set for the agent that reports HTTP requests which cross the L7 proxy of its node. */
  readonly observes?: HubbleHttp | undefined;
  /** From the container's start until the program answers, in milliseconds. */
  readonly startsInMs: number;
  /** A path that answers later than the others, as that of a readiness probe which waits for data. */
  readonly slowPath?: { readonly path: string; readonly startsInMs: number } | undefined;
  /** What it uses of its node, where that does not depend on the hardware; a scenario may say otherwise. */
  readonly usage?: ContainerUsage | undefined;
  /** How long it runs before it ends by itself, in milliseconds; for ever without it. */
  readonly endsAfterMs?: number | undefined;
  /** Answers without which it ends with a failure: to every request of its calls, or even good ones, below 400. */
  readonly needsAnswers?: 'any' | 'good' | undefined;
}

/** A program that answers whatever it is asked, and on whose numbers nothing depends. */
export function bystander(name: string): Program {
  return {
    name,
    notModelled: [],
    series: [],
    calls: [],
    status: () => 200,
    exposes: () => true,
    startsInMs: 0,
  };
}
