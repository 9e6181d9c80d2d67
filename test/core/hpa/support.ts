import {
  defaultHpa,
  type DefaultedHpaSpec,
  hpaConfig,
  type HpaConfig,
  type HpaInputs,
  type HpaPod,
  type HpaResult,
  type HpaState,
  initialState,
  type MetricsClient,
  parseHpaSpec,
  type PodMetric,
  type PodMetrics,
  reconcile,
} from '../../../core/hpa';
import { type DefaultedBehavior } from '../../../core/hpa/admission/defaults';
import { type PodsView } from '../../../core/hpa/controller/per-pod-replicas';
import { proposalOf } from '../../../core/hpa/proposals';
import { type Nanoseconds, SECOND } from '../../../core/hpa/time';
import { toleranceOf } from '../../../core/hpa/controller/tolerance';
import { type Int64, toInt64 } from '../../../core/kube/int64';
import { Quantity } from '../../../core/kube/quantity';

export { SECOND };
export const MILLISECOND: Nanoseconds = SECOND / 1000;
export const MINUTE: Nanoseconds = 60 * SECOND;
/** Long after every pod of these tests started. */
export const NOW: Nanoseconds = 10_000 * SECOND;

/** The constants of the controller's own unit tests. */
export const UNIT_TEST_CONFIG = hpaConfig({
  cpuInitializationPeriod: 2 * MINUTE,
  initialReadinessDelay: 10 * SECOND,
});

/** Requests in milli-units, by resource name. */
export function requests(
  milli: Readonly<Record<string, bigint | number>>,
): Readonly<Record<string, Quantity>> {
  return Object.fromEntries(Object.entries(milli).map(([name, value]) => [name, Quantity.milli(value)]));
}

/** A pod of two containers, each requesting one CPU, that has been ready for long. */
export function pod(name: string, overrides: Partial<HpaPod> = {}): HpaPod {
  return {
    name,
    phase: 'Running',
    ready: { status: 'True', since: NOW - 50 * MINUTE },
    startTime: NOW - 50 * MINUTE,
    containers: [
      { name: 'app', requests: requests({ cpu: 1000 }) },
      { name: 'helper', requests: requests({ cpu: 1000 }) },
    ],
    ...overrides,
  };
}

/** `pod-0` … `pod-<count - 1>`. */
export function podsOf(count: number, overrides: Readonly<Record<number, Partial<HpaPod>>> = {}): HpaPod[] {
  return Array.from({ length: count }, (_, index) => pod(`pod-${index}`, overrides[index]));
}

/** Not ready, and started so recently that its CPU use means nothing. */
export const STARTING: Partial<HpaPod> = {
  ready: { status: 'False', since: NOW - SECOND },
  startTime: NOW - SECOND,
};

/** Milli-units by pod, undefined where there is no sample. */
export function samples(values: readonly (Int64 | undefined)[], timestamp: Nanoseconds = NOW): PodMetrics {
  const metrics = new Map<string, PodMetric>();
  values.forEach((value, index) => {
    if (value === undefined) return;
    metrics.set(`pod-${index}`, { value: toInt64(BigInt(value)), timestamp, window: MINUTE });
  });
  return metrics;
}

export interface Metrics {
  resource?: ReturnType<MetricsClient['resource']>;
  pods?: Readonly<Record<string, ReturnType<MetricsClient['pods']>>>;
  object?: ReturnType<MetricsClient['object']>;
  external?: Readonly<Record<string, ReturnType<MetricsClient['external']>>>;
}

export function client({ resource, pods, object, external }: Metrics): MetricsClient {
  return {
    resource: () => resource ?? { error: 'no metrics returned from resource metrics API' },
    pods: (name) => pods?.[name] ?? { error: 'no metrics returned from custom metrics API' },
    object: () => object ?? { error: 'the server could not find the metric' },
    external: (name) => external?.[name] ?? { error: 'no metrics returned from external metrics API' },
  };
}

/** A defaulted spec; the target is a Deployment, 1 to 10 replicas unless said otherwise. */
export function specOf(parts: Readonly<Record<string, unknown>>): DefaultedHpaSpec {
  const raw = {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    maxReplicas: 10,
    ...parts,
  };
  return defaultHpa(parseHpaSpec(raw, 'test'));
}

/** A behavior with the API server's defaults. */
export function behaviorOf(behavior: object): DefaultedBehavior {
  const defaulted = specOf({ behavior }).behavior;
  if (!defaulted) throw new Error('no behavior');
  return defaulted;
}

/** Scaling rules of policies such as `P4/15` (four pods in 15 s) and `%100` (double in 60 s). */
export function rules(policies: readonly string[], selectPolicy = 'Max'): object {
  return {
    selectPolicy,
    policies: policies.map((policy) => {
      const [, type, value, period] = /^([P%])(\d+)(?:\/(\d+))?$/.exec(policy) ?? [];
      return {
        type: type === 'P' ? 'Pods' : 'Percent',
        value: Number(value),
        periodSeconds: Number(period ?? 60),
      };
    }),
  };
}

export function podsMetric(name: string, averageValue: string): object {
  return { type: 'Pods', pods: { metric: { name }, target: { type: 'AverageValue', averageValue } } };
}

export function cpuMetric(averageUtilization: number): object {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

export function objectMetric(target: object): object {
  const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'svc' };
  return { type: 'Object', object: { describedObject, metric: { name: 'depth' }, target } };
}

export function externalMetric(name: string, target: object, selector?: object): object {
  return { type: 'External', external: { metric: selector ? { name, selector } : { name }, target } };
}

/** Inputs of one reconcile: `replicas` ready pods, unless said otherwise. */
export function inputsOf(replicas: number, overrides: Partial<HpaInputs>): HpaInputs {
  return {
    name: 'web',
    namespace: 'default',
    spec: specOf({}),
    scale: { specReplicas: replicas, statusReplicas: replicas, selector: 'app=web' },
    pods: podsOf(replicas),
    metrics: client({}),
    ...overrides,
  };
}

export function viewOf(
  pods: readonly HpaPod[],
  currentReplicas: number,
  config: HpaConfig = UNIT_TEST_CONFIG,
  behavior?: object,
): PodsView {
  const tolerance = toleranceOf(specOf(behavior ? { behavior } : {}), config);
  return { pods, currentReplicas, now: NOW, config, tolerance };
}

/** What each metric asked for. */
export function proposalsOf({ metrics }: HpaResult): ReturnType<typeof proposalOf>[] {
  return metrics.map(proposalOf);
}

/** A conditions list as text, `AbleToScale=True/ReadyForNewScale`. */
export function conditionTexts({ status }: HpaResult): string[] {
  return status.conditions.map(({ type, status: value, reason }) => `${type}=${value}/${reason}`);
}

/** An autoscaler and its target in a closed loop: each sync sees the replicas that the ones before wrote. */
export class ClosedLoop {
  readonly rescales: { readonly at: Nanoseconds; readonly replicas: number }[] = [];
  private state: HpaState = initialState();

  constructor(
    private readonly spec: DefaultedHpaSpec,
    public replicas: number,
    private readonly metricsAt: (replicas: number, now: Nanoseconds) => Metrics,
    private readonly config: HpaConfig = hpaConfig(),
  ) {}

  sync(now: Nanoseconds): HpaResult {
    const inputs = inputsOf(this.replicas, {
      spec: this.spec,
      metrics: client(this.metricsAt(this.replicas, now)),
    });
    const result = reconcile(this.state, inputs, now, this.config);
    this.state = result.state;
    if (result.scaleTo !== undefined) {
      this.replicas = result.scaleTo;
      this.rescales.push({ at: now, replicas: result.scaleTo });
    }
    return result;
  }

  /** Syncs every period until `until`, both inclusive, and gives the replica counts after each sync. */
  run(from: Nanoseconds, until: Nanoseconds, period: Nanoseconds = 15 * SECOND): number[] {
    const counts: number[] = [];
    for (let now = from; now <= until; now += period) {
      this.sync(now);
      counts.push(this.replicas);
    }
    return counts;
  }
}
