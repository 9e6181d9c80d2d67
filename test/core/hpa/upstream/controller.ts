import {
  type HpaCondition,
  type HpaInputs,
  type HpaPod,
  type HpaResult,
  type HpaState,
  initialState,
  type MetricsClient,
  type Nanoseconds,
  reconcile,
} from '../../../../core/hpa';
import { type FeatureGates } from '../../../../core/hpa/config/config';
import { conditionTexts, cpuMetric, MINUTE, NOW, requests, samples, specOf } from '../support';
import { podIn, type PodState } from './pods';
import { eachVersion, unitTestConfig, type UpstreamCase } from './versions';

/** A sync of the whole controller, `testCase` up to 1.36 and `horizontalScenario` since. */
export interface ControllerCase extends UpstreamCase {
  readonly bounds: readonly [min: number, max: number];
  /** Specified and, unless said otherwise, actual replicas. */
  readonly replicas: number;
  readonly statusReplicas?: number;
  readonly behavior?: object;
  /** Target in percent of the request. */
  readonly cpu?: number;
  /** Metrics after that one. */
  readonly metrics?: readonly object[];
  /** What the metrics APIs report per pod, for the object or per series, in milli-units; else why they do not. */
  readonly levels: readonly number[] | string;
  /** Why the external metrics API reports nothing. */
  readonly externalError?: string;
  /** Of each pod, in thousandths of a core: one core unless said otherwise. */
  readonly requests?: readonly number[];
  /** As many ready ones as there are actual replicas, unless said otherwise. */
  readonly pods?: readonly PodState[];
  readonly target?: object;
  readonly featureGates?: Partial<FeatureGates>;
  /** Remembered from earlier syncs; without them this is the first one. */
  readonly recommendations?: Recommendations;
  readonly lastScaleTime?: Nanoseconds;
  readonly initialConditions?: readonly HpaCondition[];
  /** What else differs from a target that is there and obeys. */
  readonly inputs?: Partial<HpaInputs>;

  readonly desired: number;
  /** In percent, if the status shows it. */
  readonly utilization?: number;
  /** Type, status and reason; of a sync that rescales unless said otherwise. */
  readonly conditions?: readonly string[];
  /** Action and error. */
  readonly labels: string;
  /** Action and error of each metric that was computed. */
  readonly computed: Readonly<Record<string, string>>;
  /** Reason and message of each event. */
  readonly events?: readonly string[];
}

export type Recommendations = readonly (readonly [replicas: number, ago: Nanoseconds])[];

/** There was a sync before, but what it recommended no longer counts. */
export const NO_RECOMMENDATIONS: Recommendations = [[0, 100 * MINUTE]];

const OK = {
  AbleToScale: 'True/SucceededRescale',
  ScalingActive: 'True/ValidMetricFound',
  ScalingLimited: 'False/DesiredWithinRange',
};

/** Conditions after a sync that had metrics. */
export function statusOk(overrides: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({ ...OK, ...overrides }).map(([type, rest]) => `${type}=${rest}`);
}

export const UNCHANGED = statusOk({ AbleToScale: 'True/ReadyForNewScale' });

/** Conditions after a sync that had none. */
export function inactive(reason: string): string[] {
  return ['AbleToScale=True/SucceededGetScale', `ScalingActive=False/${reason}`];
}

/** Conditions after a sync that did not need any. */
export const FORCED = ['AbleToScale=True/SucceededRescale'];

/** Since 1.37, where the feature is on, every rescale says whether the controller went to zero. */
const NOT_TO_ZERO = 'ScaledToZero=False/NotScaledToZero';

/** One sync for each case. */
export function testController(cases: readonly ControllerCase[]): void {
  eachVersion(cases, (test, minor) => {
    const result = syncOf(test, minor);
    const changes = test.desired !== test.replicas;
    expect(result.scaleTo).toBe(changes ? test.desired : undefined);
    expect(result.status.desiredReplicas).toBe(test.desired);
    expect(conditionTexts(result)).toEqual(expectedConditions(test, minor, changes));
    expect(`${result.labels.action}/${result.labels.error}`).toBe(test.labels);
    expect(computedOf(result)).toEqual(test.computed);
    if (test.utilization !== undefined) expect(utilizationOf(result)).toBe(test.utilization);
    const rescaled = result.events.some(({ reason }) => reason === 'SuccessfulRescale');
    expect(rescaled).toBe(changes);
    if (test.events) {
      expect(result.events.map(({ reason, message }) => `${reason}: ${message}`)).toEqual(test.events);
    }
  });
}

function expectedConditions(
  { conditions, featureGates }: ControllerCase,
  minor: number,
  changes: boolean,
): string[] {
  const all = [...(conditions ?? statusOk())];
  const said = all.some((text) => text.startsWith('ScaledToZero='));
  return minor >= 37 && changes && !said && featureGates?.HPAScaleToZero !== false
    ? [...all, NOT_TO_ZERO]
    : all;
}

/** What was recorded of each metric by its type. */
export function computedOf({ metricLabels }: HpaResult): Record<string, string> {
  return Object.fromEntries(
    metricLabels.map(({ metric_type: type, action, error }) => [type, `${action}/${error}`]),
  );
}

function utilizationOf({ status }: HpaResult): number | undefined {
  for (const metric of status.currentMetrics) {
    if (metric.type === 'Resource') return metric.resource.current.averageUtilization;
  }
  return undefined;
}

/** The sync of a case. */
export function syncOf(test: ControllerCase, minor: number, state = stateOf(test)): HpaResult {
  return reconcile(state, inputsOf(test), NOW, unitTestConfig(minor, test.featureGates));
}

/** What the controller and the API object remember before. */
export function stateOf({ replicas, recommendations = [], ...test }: ControllerCase): HpaState {
  const state = initialState();
  return {
    ...state,
    recommendations: recommendations.map(([count, ago]) => ({ replicas: count, at: NOW - ago })),
    status: {
      ...state.status,
      currentReplicas: replicas,
      desiredReplicas: replicas,
      conditions: test.initialConditions ?? [],
      lastScaleTime: test.lastScaleTime,
    },
  };
}

function inputsOf(test: ControllerCase): HpaInputs {
  const { replicas, bounds, behavior, statusReplicas = replicas } = test;
  const [minReplicas, maxReplicas] = bounds;
  const metrics = [...(test.cpu === undefined ? [] : [cpuMetric(test.cpu)]), ...(test.metrics ?? [])];
  const scaleTargetRef = test.target ?? { apiVersion: 'v1', kind: 'ReplicationController', name: 'test-rc' };
  return {
    name: 'test-hpa',
    namespace: 'test-namespace',
    spec: specOf({ minReplicas, maxReplicas, scaleTargetRef, metrics, behavior }),
    scale: { specReplicas: replicas, statusReplicas, selector: 'name=test-pod' },
    pods: podsOf(test, statusReplicas),
    metrics: clientOf(test),
    ...test.inputs,
  };
}

/** Both containers of a pod request and use the same whole number. */
function half(whole: number): number {
  return Math.trunc(whole / 2);
}

function podsOf({ pods, requests: milliCpus }: ControllerCase, count: number): HpaPod[] {
  const states = pods ?? Array<PodState>(milliCpus?.length ?? count).fill('ready');
  return states.map((state, index) => {
    const cpu = half(milliCpus?.[index] ?? 1000);
    const containers = ['container1', 'container2'].map((name) => ({ name, requests: requests({ cpu }) }));
    return podIn(state, `pod-${index}`, containers);
  });
}

function clientOf({ levels, externalError }: ControllerCase): MetricsClient {
  if (typeof levels === 'string') {
    const failure = { error: levels };
    return { resource: () => failure, pods: () => failure, object: () => failure, external: () => failure };
  }
  return {
    resource: (_name, container) => {
      if (levels.length === 0) return { error: 'no metrics returned from resource metrics API' };
      const halves = levels.map(half);
      return samples(container === undefined ? halves.map((level) => level * 2) : halves);
    },
    pods: () => samples(levels),
    object: () => levels[0] ?? { error: 'no level' },
    external: () => (externalError === undefined ? levels : { error: externalError }),
  };
}

/** The metric `qps` of pods, an object or from outside, which these tests share. */
export function podsQps(averageValue: string): object {
  const target = { type: 'AverageValue', averageValue };
  return { type: 'Pods', pods: { metric: { name: 'qps' }, target } };
}

export function objectQps(target: object, selector?: object): object {
  const describedObject = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'some-deployment' };
  return { type: 'Object', object: { describedObject, metric: { name: 'qps', selector }, target } };
}

export function externalQps(target: object): object {
  return { type: 'External', external: { metric: { name: 'qps', selector: {} }, target } };
}

export function total(value: string): object {
  return { type: 'Value', value };
}

export function perPod(averageValue: string): object {
  return { type: 'AverageValue', averageValue };
}
