import { rules } from '../support';
import { type ControllerCase, NO_RECOMMENDATIONS, testController, UNCHANGED } from './controller';
import { type PodState } from './pods';

const UP = { labels: 'scale_up/none', computed: { Resource: 'scale_up/none' } };
const NONE = { labels: 'none/none', computed: { Resource: 'none/none' } };
const DOWN = {
  labels: 'scale_down/none',
  computed: { Resource: 'scale_down/none' },
  recommendations: NO_RECOMMENDATIONS,
};

const THREE = { bounds: [2, 6], replicas: 3, cpu: 30, levels: [300, 500, 700] } as const;
const TWO = { bounds: [2, 6], replicas: 2, cpu: 30, levels: [500, 700] } as const;
const FIVE = { bounds: [2, 6], replicas: 5, cpu: 50, levels: [100, 300, 500, 250, 250] } as const;

function container(name: string, averageUtilization: number): object {
  const target = { type: 'Utilization', averageUtilization };
  return { type: 'ContainerResource', containerResource: { name: 'cpu', container: name, target } };
}

function readyAnd(count: number, ...others: PodState[]): PodState[] {
  return [...Array<PodState>(count).fill('ready'), ...others];
}

const SCALE_UP: ControllerCase[] = [
  {
    name: 'TestScaleUp',
    in37: 'TestScaleCPU: scale up',
    ...THREE,
    ...UP,
    desired: 5,
    utilization: 50,
  },
  {
    name: 'TestScaleUpContainer',
    in37: 'TestScaleContainerResource: scale up container resource',
    bounds: [2, 6],
    replicas: 3,
    metrics: [container('container1', 30)],
    levels: [300, 500, 700],
    desired: 5,
    labels: 'scale_up/none',
    computed: { ContainerResource: 'scale_up/none' },
  },
  {
    name: 'TestScaleUpUnreadyLessScale',
    in37: 'TestScaleCPU: scale up with unready pods results in less scale',
    ...THREE,
    ...UP,
    pods: ['unready', 'ready', 'ready'],
    desired: 4,
    utilization: 60,
  },
  {
    name: 'TestScaleUpHotCpuLessScale',
    in37: 'TestScaleCPU: scale up with hot cpu pods results in less scale',
    ...THREE,
    ...UP,
    pods: ['hot', 'cool', 'cool'],
    desired: 4,
    utilization: 60,
  },
  {
    name: 'TestScaleUpUnreadyNoScale',
    in37: 'TestScaleCPU: no scale up when all unready pods bring utilization within target',
    ...THREE,
    ...NONE,
    levels: [400, 500, 700],
    pods: ['ready', 'unready', 'unready'],
    desired: 3,
    utilization: 40,
    conditions: UNCHANGED,
  },
  {
    name: 'TestScaleUpHotCpuNoScale',
    ...THREE,
    ...NONE,
    levels: [400, 500, 700],
    pods: ['cool', 'hot unready', 'hot unready'],
    desired: 3,
    utilization: 40,
    conditions: UNCHANGED,
  },
  {
    name: 'TestScaleUpIgnoresFailedPods',
    in37: 'TestScaleCPU: scale up ignores failed pods',
    ...TWO,
    ...UP,
    pods: readyAnd(2, 'failed', 'failed'),
    desired: 4,
    utilization: 60,
  },
  {
    name: 'TestScaleUpIgnoresDeletionPods',
    in37: 'TestScaleCPU: scale up ignores deletion pods',
    ...TWO,
    ...UP,
    pods: readyAnd(2, 'deleted', 'deleted'),
    desired: 4,
    utilization: 60,
  },
  {
    name: 'TestScaleUpDeployment',
    in37: 'TestScaleCPU: scale up deployment',
    ...THREE,
    ...UP,
    target: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'test-dep' },
    desired: 5,
    utilization: 50,
  },
  {
    name: 'TestScaleUpReplicaSet',
    in37: 'TestScaleCPU: scale up replicaset',
    ...THREE,
    ...UP,
    target: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'test-replicaset' },
    desired: 5,
    utilization: 50,
  },
];

const SCALE_DOWN: ControllerCase[] = [
  {
    name: 'TestScaleDown',
    in37: 'TestScaleCPU: scale down',
    ...FIVE,
    ...DOWN,
    desired: 3,
    utilization: 28,
  },
  {
    name: 'TestScaleDownContainerResource',
    in37: 'TestScaleContainerResource: scale down container resource',
    bounds: [2, 6],
    replicas: 5,
    metrics: [container('container2', 50)],
    levels: FIVE.levels,
    recommendations: NO_RECOMMENDATIONS,
    desired: 3,
    labels: 'scale_down/none',
    computed: { ContainerResource: 'scale_down/none' },
  },
  {
    name: 'TestScaleDownWithScalingRules',
    in37: false,
    ...FIVE,
    ...DOWN,
    behavior: { scaleUp: { ...rules(['%100/15']), stabilizationWindowSeconds: 30 } },
    desired: 3,
    utilization: 28,
  },
  {
    name: 'TestScaleDownIncludeUnreadyPods',
    in37: 'TestScaleCPU: scale down includes unready pods',
    ...FIVE,
    ...DOWN,
    pods: readyAnd(3, 'unready', 'unready'),
    desired: 2,
    utilization: 30,
  },
  {
    name: 'TestScaleDownIgnoreHotCpuPods',
    in37: 'TestScaleCPU: scale down ignores hot cpu pods',
    ...FIVE,
    ...DOWN,
    pods: ['cool', 'cool', 'cool', 'hot', 'hot'],
    desired: 2,
    utilization: 30,
  },
  {
    name: 'TestScaleDownIgnoresFailedPods',
    in37: 'TestScaleCPU: scale down ignores failed pods',
    ...FIVE,
    ...DOWN,
    pods: readyAnd(5, 'failed', 'failed'),
    desired: 3,
    utilization: 28,
  },
  {
    name: 'TestScaleDownIgnoresDeletionPods',
    in37: 'TestScaleCPU: scale down ignores deletion pods',
    ...FIVE,
    ...DOWN,
    pods: readyAnd(5, 'deleted', 'deleted'),
    desired: 3,
    utilization: 28,
  },
];

describe('scaling by CPU', () => {
  testController([...SCALE_UP, ...SCALE_DOWN]);
});
