import {
  type ControllerCase,
  externalQps,
  NO_RECOMMENDATIONS,
  objectQps,
  perPod,
  podsQps,
  statusOk,
  syncOf,
  testController,
  total,
} from './controller';
import { eachVersion } from './versions';

function up(type: string): Pick<ControllerCase, 'bounds' | 'replicas' | 'labels' | 'computed'> {
  return { bounds: [2, 6], replicas: 3, labels: 'scale_up/none', computed: { [type]: 'scale_up/none' } };
}

function down(
  type: string,
): Pick<ControllerCase, 'bounds' | 'replicas' | 'labels' | 'computed' | 'recommendations'> {
  const computed = { [type]: 'scale_down/none' };
  return {
    bounds: [2, 6],
    replicas: 5,
    labels: 'scale_down/none',
    computed,
    recommendations: NO_RECOMMENDATIONS,
  };
}

const TOO_MANY = statusOk({ ScalingLimited: 'True/TooManyReplicas' });

const PODS: ControllerCase[] = [
  {
    name: 'TestScaleUpCM',
    in37: 'TestScaleUpCM: scale up custom metric',
    ...up('Pods'),
    metrics: [podsQps('15.0')],
    levels: [20_000, 10_000, 30_000],
    desired: 4,
  },
  {
    name: 'TestScaleUpCMUnreadyAndHotCpuNoLessScale',
    in37: 'TestScaleUpCM: unready and hot cpu pods do not reduce scale for custom metric',
    ...up('Pods'),
    metrics: [podsQps('15.0')],
    levels: [50_000, 10_000, 30_000],
    pods: ['cool', 'cool', 'hot unready'],
    desired: 6,
  },
  {
    name: 'TestScaleUpCMUnreadyandCpuHot',
    ...up('Pods'),
    metrics: [podsQps('15.0')],
    levels: [50_000, 15_000, 30_000],
    pods: ['hot unready', 'cool', 'hot unready'],
    desired: 6,
    conditions: TOO_MANY,
  },
  {
    name: 'TestScaleUpCM: unready and hot cpu pods scale to max with scaling limited condition',
    since: 37,
    ...up('Pods'),
    metrics: [podsQps('15.0')],
    levels: [50_000, 15_000, 30_000],
    pods: ['hot unready', 'cool', 'hot unready'],
    desired: 6,
    conditions: TOO_MANY,
  },
  {
    name: 'TestScaleUpHotCpuNoScaleWouldScaleDown',
    in37: false,
    ...up('Pods'),
    metrics: [podsQps('15.0')],
    levels: [50_000, 15_000, 30_000],
    pods: ['hot', 'cool', 'hot'],
    desired: 6,
    conditions: TOO_MANY,
  },
  {
    name: 'TestScaleDownCM',
    in37: 'TestScaleDownCM: scale down pods metric',
    ...down('Pods'),
    metrics: [podsQps('20.0')],
    levels: Array<number>(5).fill(12_000),
    desired: 3,
  },
];

const OBJECT: ControllerCase[] = [
  {
    name: 'TestScaleUpCMObject',
    in37: 'TestScaleUpCMObject: scale up object metric with value target',
    ...up('Object'),
    metrics: [objectQps(total('15.0'))],
    levels: [20_000],
    desired: 4,
  },
  {
    name: 'TestScaleUpPerPodCMObject',
    in37: 'TestScaleUpCMObject: scale up per-pod object metric with average value target',
    ...up('Object'),
    metrics: [objectQps(perPod('10.0'))],
    levels: [40_000],
    desired: 4,
  },
  {
    name: 'TestScaleDownCMObject',
    in37: 'TestScaleDownCM: scale down object metric with value target',
    ...down('Object'),
    metrics: [objectQps(total('20.0'))],
    levels: [12_000],
    desired: 3,
  },
  {
    name: 'TestScaleDownPerPodCMObject',
    in37: 'TestScaleDownCM: scale down per-pod object metric with average value target',
    ...down('Object'),
    metrics: [objectQps(perPod('20.0'))],
    levels: [60_000],
    desired: 3,
  },
];

const EXTERNAL: ControllerCase[] = [
  {
    name: 'TestScaleUpCMExternal',
    in37: 'TestScaleUpCM: scale up external metric with value target',
    ...up('External'),
    metrics: [externalQps(total('6666m'))],
    levels: [8600],
    desired: 4,
  },
  {
    name: 'TestScaleUpPerPodCMExternal',
    in37: 'TestScaleUpCM: scale up external metric with per-pod average value target',
    ...up('External'),
    metrics: [externalQps(perPod('2222m'))],
    levels: [8600],
    desired: 4,
  },
  {
    name: 'TestScaleDownCMExternal',
    in37: 'TestScaleDownCM: scale down external metric with value target',
    ...down('External'),
    metrics: [externalQps(total('14400m'))],
    levels: [8600],
    desired: 3,
  },
  {
    name: 'TestScaleDownPerPodCMExternal',
    in37: 'TestScaleDownCM: scale down per-pod external metric with average value target',
    ...down('External'),
    metrics: [externalQps(perPod('3000m'))],
    levels: [8600],
    desired: 3,
  },
];

describe('scaling by a metric of each pod', () => testController(PODS));
describe('scaling by a metric of an object', () => testController(OBJECT));
describe('scaling by an external metric', () => testController(EXTERNAL));

describe('the status names the object of a metric', () => {
  // Upstream looks at this in each of its tests since it was mended.
  eachVersion(
    OBJECT.map((test) => ({ ...test, since: 33 })),
    (test, minor) => {
      const object = {
        describedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'some-deployment' },
      };
      expect(syncOf(test, minor).status.currentMetrics).toMatchObject([{ type: 'Object', object }]);
    },
  );
});

const SOME_EMPTY: ControllerCase[] = [
  {
    name: 'TestScaleUpOneMetricEmpty',
    bounds: [2, 6],
    replicas: 3,
    cpu: 30,
    metrics: [externalQps(total('100m'))],
    levels: [300, 400, 500],
    externalError: 'something went wrong',
    desired: 4,
    utilization: 40,
    labels: 'scale_up/internal',
    computed: { Resource: 'scale_up/none', External: 'none/internal' },
  },
  {
    name: 'TestNoScaleDownOneMetricEmpty',
    bounds: [2, 6],
    replicas: 5,
    cpu: 50,
    metrics: [externalQps(total('1000m'))],
    levels: [100, 300, 500, 250, 250],
    externalError: 'something went wrong',
    recommendations: NO_RECOMMENDATIONS,
    desired: 5,
    conditions: ['AbleToScale=True/SucceededGetScale', 'ScalingActive=False/FailedGetExternalMetric'],
    labels: 'none/internal',
    computed: { Resource: 'scale_down/none', External: 'none/internal' },
  },
];

describe('one of two metrics is empty', () => testController(SOME_EMPTY));
