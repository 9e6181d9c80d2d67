import type { Plan, QueryOutcome, Registry, SeriesListing } from '../core/adapter';
import type { AccessRequest } from '../core/kube/rbac';
import type { PrometheusServer } from './prometheus-server';
import type { World } from './world';

/** What a plan's queries gave, and the moment that the first of them was evaluated for. */
export interface TimedOutcomes {
  readonly outcomes: readonly QueryOutcome[];
  readonly atMs: number;
}

/**
 * One run of an adapter, from the start of its container to its end. What it knows is lost with it: this is where
 * prometheus-adapter and Plimsoll's adapter differ.
 */
export interface AdapterRun {
  /** What it knows now; another one whenever that changes. */
  readonly registry: Registry;
  /** Looks for metrics that nobody knows. @returns whether anything else is known now */
  look(): boolean;
  /** Whether asking again for such a metric may have another result without anything else happening. */
  readonly looks: boolean;
  /** The results of a plan's queries, in their order. */
  ask(plan: Exclude<Plan, { kind: 'refused' }>): TimedOutcomes;
  /** What it asks the API server for when it is to find the pods of a namespace. */
  podRequests(namespace: string): readonly AccessRequest[];
  end(): void;
}

/** What a run works with. */
export interface AdapterRunProps {
  readonly world: World;
  /** What it knows at its start: no series. */
  readonly registry: Registry;
  /** The server of a source, or why there is none; `''` is the source of the flags. */
  readonly server: (source: string) => PrometheusServer | string;
  /** Told after each listing what cannot be listed. */
  readonly onListed: (problems: readonly string[]) => void;
}

/** The series of a selector, from a server or from none. */
export function listed(server: PrometheusServer | string, selector: string, fromMs: number): SeriesListing {
  return typeof server === 'string' ? { error: server } : server.series(selector, fromMs);
}
