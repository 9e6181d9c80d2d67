import { hpaConfig, initialState, type PodMetrics, reconcile } from '../../../../core/hpa';
import { utilizationReplicas } from '../../../../core/hpa/controller/per-pod-replicas';
import { client, cpuMetric, inputsOf, MINUTE, NOW, specOf } from '../support';
import { calculatorView, type ResourceCase, testUtilization } from './calculator';
import { ZERO_TIME } from './pods';
import { eachVersion } from './versions';

const CASES: ResourceCase[] = [
  {
    name: 'TestReplicaCalcSuperfluousMetrics',
    in37: 'TestReplicaCalcResourceMissingMetrics: superfluous metrics counted',
    current: 4,
    levels: [4000, 9500, 3000, 7000, 3200, 2000],
    target: 100,
    gives: [24, 587, 11_750],
  },
  {
    name: 'TestReplicaCalcMissingMetrics',
    in37: 'TestReplicaCalcResourceMissingMetrics: some pods missing metrics scales down',
    current: 4,
    levels: [400, 95],
    target: 100,
    gives: [3, 24, 495],
  },
  {
    name: 'TestReplicaCalcMissingMetricsNoChangeEq',
    in37: 'TestReplicaCalcResourceMissingMetrics: no change: metric equal to target',
    current: 2,
    levels: [1000],
    target: 100,
    gives: [2, 100, 2000],
  },
  {
    name: 'TestReplicaCalcMissingMetricsNoChangeGt',
    in37: 'TestReplicaCalcResourceMissingMetrics: no change: metric above target',
    current: 2,
    levels: [1900],
    target: 100,
    gives: [2, 190, 3800],
  },
  {
    name: 'TestReplicaCalcMissingMetricsNoChangeLt',
    in37: 'TestReplicaCalcResourceMissingMetrics: no change: metric below target',
    current: 2,
    levels: [600],
    target: 100,
    gives: [2, 60, 1200],
  },
  {
    name: 'TestReplicaCalcMissingMetricsUnreadyChange',
    in37: 'TestReplicaCalcResourceMissingMetrics: no change: unready pod metric missing',
    current: 3,
    pods: ['unready', 'ready', 'ready'],
    levels: [100, 450],
    target: 50,
    gives: [3, 45, 900],
  },
  {
    name: 'TestReplicaCalcMissingMetricsHotCpuNoChange',
    in37: 'TestReplicaCalcResourceMissingMetrics: no change: hot-CPU pod metric missing',
    current: 3,
    pods: ['hot', 'cool', 'cool'],
    levels: [100, 450],
    target: 50,
    gives: [3, 45, 900],
  },
  {
    name: 'TestReplicaCalcMissingMetricsUnreadyScaleUp',
    in37: 'TestReplicaCalcResourceMissingMetrics: scale up: unready pod metric missing',
    current: 3,
    pods: ['unready', 'ready', 'ready'],
    levels: [100, 2000],
    target: 50,
    gives: [4, 200, 4000],
  },
  {
    name: 'TestReplicaCalcMissingMetricsHotCpuScaleUp',
    in37: 'TestReplicaCalcResourceMissingMetrics: scale up: hot-CPU pod metric missing',
    current: 3,
    pods: ['hot unready', 'cool', 'cool'],
    levels: [100, 2000],
    target: 50,
    gives: [4, 200, 4000],
  },
  {
    name: 'TestReplicaCalcMissingMetricsUnreadyScaleDown',
    in37: 'TestReplicaCalcResourceMissingMetrics: scale down: unready pod metric missing',
    current: 4,
    pods: ['unready', 'ready', 'ready', 'ready'],
    levels: [100, 100, 100],
    target: 50,
    gives: [3, 10, 200],
  },
  {
    name: 'TestReplicaCalcMissingMetricsScaleDownTargetOver100',
    in37: 'TestReplicaCalcResourceMissingMetrics: scale down: target over 100',
    current: 4,
    pods: ['unready', 'ready', 'ready', 'ready'],
    requests: ['1.0', '1.0', '2.0', '2.0'],
    levels: [200, 100, 100],
    target: 300,
    gives: [2, 6, 200],
  },
  {
    name: 'TestReplicaCalcDuringRollingUpdateWithMaxSurge',
    in37: 'TestReplicaCalcResourceMissingMetrics: rolling update with maxSurge: extra pod missing metric',
    current: 2,
    pods: ['ready', 'ready', 'ready'],
    levels: [100, 100],
    target: 50,
    gives: [2, 10, 200],
  },
];

describe('GetResourceReplicas where samples are missing', () => {
  testUtilization(CASES);
});

function sampleOf(pod: string, value: number): PodMetrics {
  return new Map([[pod, { value, timestamp: ZERO_TIME, window: MINUTE }]]);
}

const FAILURES = [
  {
    name: 'TestReplicaCalcDisjointResourcesMetrics',
    in37: 'TestReplicaCalcResourceMissingMetrics: disjoint pod and metric names',
    current: 1,
    metrics: sampleOf('an-older-pod-name', 200),
    error: 'no metrics returned matched known pods',
  },
  {
    name: 'TestReplicaCalcEmptyCPURequest',
    in37: 'TestReplicaCalcResourceMissingMetrics: missing CPU request on container',
    current: 1,
    requests: [],
    metrics: sampleOf('pod-0', 400),
    error: 'missing request for cpu in container container1 of Pod pod-0',
  },
];

describe('GetResourceReplicas fails', () => {
  eachVersion(FAILURES, ({ metrics, error, ...test }, minor) => {
    const view = calculatorView(test, minor);
    expect(utilizationReplicas(metrics, 'cpu', '', 100, view)).toEqual({ error });
  });
});

const EMPTY = {
  name: 'TestReplicaCalcEmptyMetrics',
  in37: 'TestReplicaCalcResourceMissingMetrics: no metrics returned from metrics API',
};

describe('GetResourceReplicas without samples', () => {
  eachVersion([EMPTY], (_test, minor) => {
    const error = 'no metrics returned from resource metrics API';
    const inputs = inputsOf(4, {
      spec: specOf({ metrics: [cpuMetric(100)] }),
      metrics: client({ resource: { error } }),
    });
    const { metrics } = reconcile(initialState(), inputs, NOW, hpaConfig({ kubernetes: `1.${minor}` }));
    expect(metrics).toMatchObject([
      { error: `failed to get cpu utilization: unable to get metrics for resource cpu: ${error}` },
    ]);
  });
});
