import type { ObjectRef } from '../kube/object';

/**
 * What happened, when: made by the rehearsal in virtual time, rendered by `report/`. All times are milliseconds since
 * the objects were applied.
 */
export interface Timeline {
  readonly name: string;
  readonly durationMs: number;
  readonly seed: number;
  readonly noise: boolean;
  /** One line about the cluster: `kind, Kubernetes 1.36.1, 4 nodes, sync every 15s`. */
  readonly cluster: string;
  readonly autoscalers: readonly AutoscalerTimeline[];
  readonly workloads: readonly WorkloadTimeline[];
  readonly loads: readonly LoadTimeline[];
  /** Links of the chain that did not carry, each with its reason, first time and how long it lasted. */
  readonly problems: readonly LinkProblem[];
  readonly events: readonly TimelineEvent[];
  readonly outcomes: readonly ExpectationOutcome[];
}

/** One autoscaler's life. The columns `syncs.*` have one entry per sync of the controller. */
export interface AutoscalerTimeline {
  readonly namespace: string;
  readonly name: string;
  readonly target: { readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly AutoscalerMetric[];
  readonly syncs: {
    readonly atMs: readonly number[];
    /** `spec.replicas` of the scale target when the controller read it. */
    readonly replicas: readonly number[];
    /** `status.desiredReplicas` after the sync. */
    readonly desired: readonly number[];
  };
  /** Syncs at which something was decided, said or changed. */
  readonly decisions: readonly Decision[];
  /** Conditions at the end, in the controller's words. */
  readonly conditions: readonly Condition[];
}

/** One metric of an autoscaler, with its values per sync. */
export interface AutoscalerMetric {
  /** `pods metric http_requests`, `external metric s0-prometheus{scaledobject.keda.sh/name=api}`, `cpu resource`. */
  readonly name: string;
  /** `averageValue`, `value` or `averageUtilization`. */
  readonly targetType: string;
  readonly target: number;
  /** Per sync, in the target's unit (per pod for an average); `null` = `<unknown>`. */
  readonly values: readonly (number | null)[];
}

/** A condition of the HorizontalPodAutoscaler. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** What the controller did or said at one sync. */
export interface Decision {
  readonly atMs: number;
  readonly from: number;
  /** The new size, if the scale was written. */
  readonly to?: number;
  /** The controller's event texts, e.g. `New size: 5; reason: pods metric … above target`. */
  readonly events: readonly { readonly type: string; readonly reason: string; readonly message: string }[];
  /** Conditions whose status or reason changed at this sync. */
  readonly changed: readonly Condition[];
}

/** A scale target: pods that exist and pods that are ready, at the moments either changed. */
export interface WorkloadTimeline {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly atMs: readonly number[];
  readonly pods: readonly number[];
  readonly ready: readonly number[];
}

/** A load generator: requests a second, sampled at the moments a rate changed and at every scrape interval. */
export interface LoadTimeline {
  readonly name: string;
  /** What it sends to: `backend/backend-1:8080`. */
  readonly target: string;
  readonly atMs: readonly number[];
  /** Requests a second sent. */
  readonly sent: readonly number[];
  /** Requests a second that reached a ready pod and were answered. */
  readonly served: readonly number[];
}

/** The part of the chain where a link did not carry. */
export type Link = 'network' | 'scrape' | 'discovery' | 'adapter' | 'load' | 'pods';

/** A link of the chain that did not carry. */
export interface LinkProblem {
  readonly link: Link;
  readonly object: ObjectRef;
  readonly message: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Something that happened, with its cause. */
export interface TimelineEvent {
  readonly atMs: number;
  /** Component that speaks: `horizontal-pod-autoscaler`, `scenario`, `deployment-controller`, `prometheus`. */
  readonly source: string;
  readonly object: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** One expectation of the scenario, held against what happened. */
export interface ExpectationOutcome {
  readonly expectation: string;
  readonly met: boolean;
  /** What was seen instead, or what proves it. */
  readonly actual: string;
}
