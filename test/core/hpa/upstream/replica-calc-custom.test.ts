import { plainReplicas, type ReplicaProposal } from '../../../../core/hpa/controller/per-pod-replicas';
import {
  externalAverageReplicas,
  externalAverageTotal,
  externalValueTotal,
  objectAverageReplicas,
  valueReplicas,
} from '../../../../core/hpa/controller/total-replicas';
import { type Failure } from '../../../../core/hpa/controller/inputs';
import { type Int64, MAX_INT64 } from '../../../../core/kube/int64';
import { samples } from '../support';
import { type CalculatorCase, calculatorView } from './calculator';
import { ZERO_TIME } from './pods';
import { eachVersion } from './versions';

const MAX_INT32 = 2_147_483_647;

/** A custom metric, in milli-units. */
interface CustomCase extends CalculatorCase {
  readonly levels: readonly Int64[];
  readonly target: Int64;
  readonly gives: readonly [replicas: number, usage: Int64];
}

function testCustom(
  cases: readonly CustomCase[],
  calculate: (test: CustomCase, minor: number) => ReplicaProposal | Failure,
): void {
  eachVersion(cases, (test, minor) => {
    const [replicas, usage] = test.gives;
    expect(calculate(test, minor)).toEqual({ replicas, usage });
  });
}

function only([level]: readonly Int64[]): Int64 {
  if (level === undefined) throw new Error('no level');
  return level;
}

const PODS: CustomCase[] = [
  {
    name: 'TestReplicaCalcScaleUpCM',
    in37: 'TestReplicaCalcPodMetric: scale up',
    current: 3,
    levels: [20_000, 10_000, 30_000],
    target: 15_000,
    gives: [4, 20_000],
  },
  {
    name: 'TestReplicaCalcScaleUpCMUnreadyHotCpuNoLessScale',
    in37: 'TestReplicaCalcPodMetric: scale up: unready hot-CPU pod scales less',
    current: 3,
    pods: ['cool', 'cool', 'hot unready'],
    levels: [50_000, 10_000, 30_000],
    target: 15_000,
    gives: [6, 30_000],
  },
  {
    name: 'TestReplicaCalcScaleUpCMUnreadyHotCpuScaleWouldScaleDown',
    in37: 'TestReplicaCalcPodMetric: scale up: unready hot-CPU pods avoid scale-down',
    current: 3,
    pods: ['hot unready', 'cool', 'hot unready'],
    levels: [50_000, 15_000, 30_000],
    target: 15_000,
    gives: [7, 31_666],
  },
  {
    name: 'TestReplicaCalcScaleUpCMExternal',
    in37: false,
    current: 1,
    levels: [8600],
    target: 4400,
    gives: [2, 8600],
  },
  {
    name: 'TestReplicaCalcScaleUpCMExternalNoLabels',
    in37: false,
    current: 1,
    levels: [8600],
    target: 4400,
    gives: [2, 8600],
  },
  {
    name: 'TestReplicaCalcScaleDownCM',
    in37: 'TestReplicaCalcPodMetric: scale down',
    current: 5,
    levels: Array<number>(5).fill(12_000),
    target: 20_000,
    gives: [3, 12_000],
  },
  {
    name: 'TestReplicaCalcToleranceCM',
    in37: 'TestReplicaCalcPodMetric: within default tolerance',
    current: 3,
    levels: [20_000, 21_000, 21_000],
    target: 20_000,
    gives: [3, 20_666],
  },
  {
    name: 'TestReplicaCalcConfigurableToleranceCM',
    in37: 'TestReplicaCalcPodMetric: outside configurable 1% tolerance',
    since: 33,
    tolerances: [0.1, 0.01],
    current: 3,
    levels: [20_000, 21_000, 21_000],
    target: 20_000,
    gives: [4, 20_666],
  },
  {
    name: 'TestPlainMetricReplicaCalcMissingMetricsNoChangeEq',
    in37: 'TestReplicaCalcPodMetric: no change: missing metrics',
    current: 5,
    levels: [20_000, 19_000, 21_000],
    target: 20_000,
    gives: [5, 20_000],
  },
  {
    name: 'TestReplicaCalcDuringRollingUpdateWithMaxSurgeCM',
    in37: 'TestReplicaCalcPodMetric: rolling update with maxSurge: extra pod missing metric',
    current: 2,
    pods: ['ready', 'ready', 'ready'],
    levels: [10_000, 10_000],
    target: 17_000,
    gives: [2, 10_000],
  },
];

describe('GetMetricReplicas', () => {
  testCustom(PODS, (test, minor) =>
    plainReplicas(samples(test.levels, ZERO_TIME), '', test.target, calculatorView(test, minor)),
  );
});

const OBJECT: CustomCase[] = [
  {
    name: 'TestReplicaCalcScaleUpCMObject',
    in37: 'TestReplicaCalcObjectMetric: scale up',
    current: 3,
    levels: [20_000],
    target: 15_000,
    gives: [4, 20_000],
  },
  {
    name: 'TestReplicaCalcScaleUpOverflow',
    in37: 'TestReplicaCalcObjectMetric: scale up: very large metric saturates replicas to MaxInt32',
    since: 35,
    current: 3,
    levels: [MAX_INT64],
    target: 1,
    gives: [MAX_INT32, MAX_INT64],
  },
  {
    name: 'TestReplicaCalcScaleUpCMObjectIgnoresUnreadyPods',
    in37: 'TestReplicaCalcObjectMetric: scale up: ignores unready pods',
    current: 3,
    pods: ['unready', 'ready', 'unready'],
    levels: [50_000],
    target: 10_000,
    gives: [5, 50_000],
  },
  {
    name: 'TestReplicaCalcScaleDownCMObject',
    in37: 'TestReplicaCalcObjectMetric: scale down',
    current: 5,
    levels: [12_000],
    target: 20_000,
    gives: [3, 12_000],
  },
  {
    name: 'TestReplicaCalcToleranceCMObject',
    in37: 'TestReplicaCalcObjectMetric: within default tolerance',
    current: 3,
    levels: [20_666],
    target: 20_000,
    gives: [3, 20_666],
  },
  {
    name: 'TestReplicaCalcConfigurableToleranceCMObject',
    in37: 'TestReplicaCalcObjectMetric: outside configurable 1% tolerance',
    since: 33,
    tolerances: [0.1, 0.01],
    current: 3,
    levels: [20_666],
    target: 20_000,
    gives: [4, 20_666],
  },
];

describe('GetObjectMetricReplicas', () => {
  testCustom(OBJECT, (test, minor) =>
    valueReplicas(only(test.levels), test.target, calculatorView(test, minor)),
  );
});

const OBJECT_PER_POD: CustomCase[] = [
  {
    name: 'TestReplicaCalcScaleUpCMPerPodObject',
    in37: 'TestReplicaCalcObjectPerPodMetric: scale up',
    current: 3,
    levels: [20_000],
    target: 5000,
    gives: [4, 6667],
  },
  {
    name: 'TestReplicaCalcScaleDownPerPodCMObject',
    in37: 'TestReplicaCalcObjectPerPodMetric: scale down',
    current: 5,
    levels: [6000],
    target: 2000,
    gives: [3, 1200],
  },
  {
    name: 'TestReplicaCalcTolerancePerPodCMObject',
    in37: 'TestReplicaCalcObjectPerPodMetric: within default tolerance',
    current: 4,
    levels: [20_166],
    target: 5000,
    gives: [4, 5042],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerancePerPodCMObject',
    in37: 'TestReplicaCalcObjectPerPodMetric: outside configurable 1% tolerance',
    since: 33,
    tolerances: [0.1, 0.01],
    current: 4,
    levels: [20_208],
    target: 5000,
    gives: [5, 5052],
  },
];

describe('GetObjectPerPodMetricReplicas', () => {
  testCustom(OBJECT_PER_POD, (test, minor) => {
    const { tolerance, config } = calculatorView(test, minor);
    return objectAverageReplicas(only(test.levels), test.target, test.current, tolerance, config.rules);
  });
});

const EXTERNAL: CustomCase[] = [
  {
    name: 'TestReplicaCalcScaleUpCMExternalIgnoresUnreadyPods',
    in37: 'TestReplicaCalcExternalMetric: scale down: ignores unready pods (would otherwise scale up)',
    current: 3,
    pods: ['unready', 'ready', 'unready'],
    levels: [8600],
    target: 4400,
    gives: [2, 8600],
  },
  {
    name: 'TestReplicaCalcScaleDownCMExternal',
    in37: 'TestReplicaCalcExternalMetric: scale down',
    current: 5,
    levels: [8600],
    target: 14_334,
    gives: [3, 8600],
  },
  {
    name: 'TestReplicaCalcToleranceCMExternal',
    in37: 'TestReplicaCalcExternalMetric: within default tolerance',
    current: 3,
    levels: [8600],
    target: 8888,
    gives: [3, 8600],
  },
  {
    name: 'TestReplicaCalcConfigurableToleranceCMExternal',
    in37: 'TestReplicaCalcExternalMetric: outside configurable 1% tolerance',
    since: 33,
    tolerances: [0.1, 0.01],
    current: 3,
    levels: [8900],
    target: 8800,
    gives: [4, 8900],
  },
  {
    name: 'TestReplicaCalcExternalMetricUsageOverflow',
    in37: 'TestReplicaCalcExternalMetric: usage overflow caps at MaxInt64',
    since: 35,
    current: 3,
    levels: [MAX_INT64 / 2n + 1n, MAX_INT64 / 2n + 1n],
    target: MAX_INT64,
    gives: [3, MAX_INT64],
  },
];

describe('GetExternalMetricReplicas', () => {
  testCustom(EXTERNAL, (test, minor) => {
    const view = calculatorView(test, minor);
    return valueReplicas(externalValueTotal(test.levels, view.config.rules), test.target, view);
  });
});

const EXTERNAL_PER_POD: CustomCase[] = [
  {
    name: 'TestReplicaCalcScaleUpPerPodCMExternal',
    in37: 'TestReplicaCalcExternalPerPodMetric: scale up',
    current: 3,
    levels: [8600],
    target: 2150,
    gives: [4, 2867],
  },
  {
    name: 'TestReplicaCalcScaleDownPerPodCMExternal',
    in37: 'TestReplicaCalcExternalPerPodMetric: scale down',
    current: 5,
    levels: [8600],
    target: 2867,
    gives: [3, 1720],
  },
  {
    name: 'TestReplicaCalcTolerancePerPodCMExternal',
    in37: 'TestReplicaCalcExternalPerPodMetric: within default tolerance',
    current: 3,
    levels: [8600],
    target: 2900,
    gives: [3, 2867],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerancePerPodCMExternal',
    in37: 'TestReplicaCalcExternalPerPodMetric: outside configurable 1% tolerance',
    since: 33,
    tolerances: [0.1, 0.01],
    current: 3,
    levels: [8600],
    target: 2800,
    gives: [4, 2867],
  },
  {
    name: 'TestExternalPerPodMetricReplicaOverflow',
    in37: 'TestReplicaCalcExternalPerPodMetric: replica count overflow saturates to MaxInt32',
    since: 34,
    current: 1,
    levels: [MAX_INT64],
    target: 1,
    gives: [MAX_INT32, MAX_INT64],
  },
  {
    name: 'TestExternalPerPodMetricUsageOverflow',
    in37: 'TestReplicaCalcExternalPerPodMetric: usage overflow with huge target leaves replicas unchanged',
    since: 34,
    current: 1,
    levels: [MAX_INT64],
    target: MAX_INT64,
    gives: [1, MAX_INT64],
  },
];

describe('GetExternalPerPodMetricReplicas', () => {
  testCustom(EXTERNAL_PER_POD, ({ levels, target, current, ...test }, minor) => {
    const { tolerance, config } = calculatorView({ ...test, current }, minor);
    const total = externalAverageTotal(levels, config.rules);
    return externalAverageReplicas(total, target, current, tolerance, config.rules);
  });
});
