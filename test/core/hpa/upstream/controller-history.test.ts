import { type HpaState, type MetricStatus } from '../../../../core/hpa';
import { Quantity } from '../../../../core/kube/quantity';
import { MINUTE, NOW } from '../support';
import {
  computedOf,
  type ControllerCase,
  NO_RECOMMENDATIONS,
  podsQps,
  stateOf,
  statusOk,
  syncOf,
  testController,
  UNCHANGED,
} from './controller';
import { eachVersion } from './versions';

const STABILIZED = statusOk({ AbleToScale: 'True/ScaleDownStabilized' });

const HISTORY: ControllerCase[] = [
  {
    name: 'TestScaleDownStabilizeInitialSize',
    bounds: [2, 6],
    replicas: 5,
    cpu: 50,
    levels: [100, 300, 500, 250, 250],
    desired: 5,
    utilization: 28,
    labels: 'none/none',
    computed: { Resource: 'scale_down/none' },
    conditions: STABILIZED,
  },
  {
    name: 'TestStabilizeDownscale',
    bounds: [1, 5],
    replicas: 4,
    cpu: 100,
    levels: [50, 50, 50],
    requests: [100, 100, 100],
    recommendations: [
      [10, 10 * MINUTE],
      [4, MINUTE],
    ],
    desired: 4,
    labels: 'none/none',
    computed: { Resource: 'scale_down/none' },
    conditions: STABILIZED,
  },
  {
    name: 'TestNoBackoffUpscaleCM',
    bounds: [1, 5],
    replicas: 3,
    metrics: [podsQps('15.0')],
    levels: [20_000, 10_000, 30_000],
    lastScaleTime: NOW,
    desired: 4,
    labels: 'scale_up/none',
    computed: { Pods: 'scale_up/none' },
  },
  {
    name: 'TestNoBackoffUpscaleCMNoBackoffCpu',
    bounds: [1, 5],
    replicas: 3,
    cpu: 10,
    metrics: [podsQps('15.0')],
    levels: [20_000, 10_000, 30_000],
    lastScaleTime: NOW,
    desired: 5,
    labels: 'scale_up/none',
    computed: { Resource: 'scale_up/none', Pods: 'scale_up/none' },
    conditions: statusOk({ ScalingLimited: 'True/TooManyReplicas' }),
  },
];

describe('what was before', () => testController(HISTORY));

const UNNECESSARY: ControllerCase = {
  name: 'TestAvoidUnnecessaryUpdates',
  bounds: [2, 6],
  replicas: 2,
  cpu: 80,
  levels: [400, 500, 700],
  pods: ['cool', 'hot', 'hot'],
  recommendations: NO_RECOMMENDATIONS,
  inputs: { generation: 1 },
  lastScaleTime: NOW - 60 * MINUTE,
  desired: 2,
  labels: 'none/none',
  computed: { Resource: 'scale_down/none' },
};

/** The status holds what the sync is about to find. */
function unnecessaryState(minor: number): HpaState {
  const state = stateOf(UNNECESSARY);
  const current = { averageValue: Quantity.parse('400m'), averageUtilization: 40 };
  const metric: MetricStatus = { type: 'Resource', resource: { name: 'cpu', current } };
  const since = { status: 'True', lastTransitionTime: NOW - 60 * MINUTE } as const;
  return {
    ...state,
    status: {
      ...state.status,
      observedGeneration: minor >= 37 ? 1 : undefined,
      currentMetrics: [metric],
      conditions: [
        {
          type: 'AbleToScale',
          reason: 'ReadyForNewScale',
          message: 'recommended size matches current size',
          ...since,
        },
        {
          type: 'ScalingActive',
          reason: 'ValidMetricFound',
          message:
            'the HPA was able to successfully calculate a replica count from ' +
            'cpu resource utilization (percentage of request)',
          ...since,
        },
        {
          type: 'ScalingLimited',
          reason: 'TooFewReplicas',
          message: 'the desired replica count is less than the minimum replica count',
          ...since,
        },
      ],
    },
  };
}

describe('a status that stays', () => {
  eachVersion([UNNECESSARY], (test, minor) => {
    const before = unnecessaryState(minor);
    const result = syncOf(test, minor, before);
    expect(result.statusChanged).toBe(false);
    expect(result.status).toBe(before.status);
    expect(result.scaleTo).toBeUndefined();
    expect(result.labels).toEqual({ action: 'none', error: 'none' });
    expect(computedOf(result)).toEqual(test.computed);
  });
});

const REPEATED: ControllerCase = {
  name: 'TestReconciliationsTotalCountMultipleReconciliations',
  since: 36,
  bounds: [1, 5],
  replicas: 3,
  cpu: 100,
  levels: [1010, 1030, 1020],
  requests: [900, 1000, 1100],
  desired: 3,
  labels: 'none/none',
  computed: { Resource: 'none/none' },
  conditions: UNCHANGED,
};

describe('each sync is labelled', () => {
  eachVersion([REPEATED], (test, minor) => {
    let state = stateOf(test);
    for (let sync = 1; sync <= 3; sync++) {
      const result = syncOf(test, minor, state);
      expect(result.labels).toEqual({ action: 'none', error: 'none' });
      expect(computedOf(result)).toEqual(test.computed);
      ({ state } = result);
    }
  });
});
