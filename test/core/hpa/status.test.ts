import { type HpaStatus, type MetricStatus } from '../../../core/hpa';
import { EMPTY_STATUS, sameStatus } from '../../../core/hpa/controller/status';
import { Quantity } from '../../../core/kube/quantity';
import { NOW } from './support';

const ABLE = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
  lastTransitionTime: NOW,
} as const;

const ONE = Quantity.parse('1');
const QPS: MetricStatus = { type: 'Pods', pods: { metric: { name: 'qps' }, current: { averageValue: ONE } } };
const SERVICE = { apiVersion: 'v1', kind: 'Service', name: 'svc' };

function cpu(averageUtilization: number | undefined): MetricStatus {
  return { type: 'Resource', resource: { name: 'cpu', current: { averageValue: ONE, averageUtilization } } };
}

function cpuOf(container: string, name = 'cpu'): MetricStatus {
  return {
    type: 'ContainerResource',
    containerResource: { name, container, current: { averageValue: ONE } },
  };
}

function depth(describedObject: typeof SERVICE, value: string): MetricStatus {
  const current = { value: Quantity.parse(value) };
  return { type: 'Object', object: { describedObject, metric: { name: 'depth' }, current } };
}

function lag(name: string, value: string, queue?: string): MetricStatus {
  const selector = queue === undefined ? undefined : { matchLabels: { queue } };
  return {
    type: 'External',
    external: { metric: { name, selector }, current: { value: Quantity.parse(value) } },
  };
}

function withMetrics(...currentMetrics: MetricStatus[]): HpaStatus {
  return { ...EMPTY_STATUS, currentMetrics };
}

describe('sameStatus', () => {
  const full: HpaStatus = {
    observedGeneration: 1,
    currentReplicas: 2,
    desiredReplicas: 3,
    currentMetrics: [QPS, cpu(50)],
    conditions: [ABLE],
    lastScaleTime: NOW,
  };

  it('takes a status and its copy for the same', () => {
    const copy = { ...full, conditions: [{ ...ABLE }], currentMetrics: [{ ...QPS }, cpu(50)] };
    expect(sameStatus(full, copy)).toBe(true);
  });

  it.each<[string, Partial<HpaStatus>]>([
    ['the generation', { observedGeneration: 2 }],
    ['a missing generation', { observedGeneration: undefined }],
    ['the current count', { currentReplicas: 1 }],
    ['the desired count', { desiredReplicas: 1 }],
    ['the time of the last rescale', { lastScaleTime: NOW + 1 }],
    ['a missing time', { lastScaleTime: undefined }],
    ['fewer conditions', { conditions: [] }],
    ['more conditions', { conditions: [ABLE, ABLE] }],
    ['the type of a condition', { conditions: [{ ...ABLE, type: 'ScalingActive' }] }],
    ['the status of a condition', { conditions: [{ ...ABLE, status: 'False' }] }],
    ['the reason of a condition', { conditions: [{ ...ABLE, reason: 'SucceededRescale' }] }],
    ['the message of a condition', { conditions: [{ ...ABLE, message: '' }] }],
    ['the transition of a condition', { conditions: [{ ...ABLE, lastTransitionTime: NOW + 1 }] }],
    ['fewer metrics', { currentMetrics: [QPS] }],
    ['the order of metrics', { currentMetrics: [cpu(50), QPS] }],
  ])('sees %s', (_difference, change) => {
    expect(sameStatus(full, { ...full, ...change })).toBe(false);
    expect(sameStatus({ ...full, ...change }, full)).toBe(false);
  });

  it.each<[string, MetricStatus, MetricStatus, boolean]>([
    ['metrics that failed', { type: '' }, { type: '' }, true],
    ['one that failed and one that did not', { type: '' }, QPS, false],
    ['metrics of two types', cpu(50), cpuOf('app'), false],
    ['utilizations', cpu(50), cpu(51), false],
    ['a utilization and none', cpu(50), cpu(undefined), false],
    [
      'no utilization, said or not',
      cpu(undefined),
      { type: 'Resource', resource: { name: 'cpu', current: { averageValue: ONE } } },
      true,
    ],
    ['containers', cpuOf('app'), cpuOf('helper'), false],
    ['resources of a container', cpuOf('app'), cpuOf('app', 'memory'), false],
    ['the same container', cpuOf('app'), cpuOf('app'), true],
    ['the same object', depth(SERVICE, '1'), depth({ ...SERVICE }, '1'), true],
    ['API versions of an object', depth(SERVICE, '1'), depth({ ...SERVICE, apiVersion: 'v2' }, '1'), false],
    ['kinds of an object', depth(SERVICE, '1'), depth({ ...SERVICE, kind: 'Ingress' }, '1'), false],
    ['names of an object', depth(SERVICE, '1'), depth({ ...SERVICE, name: 'other' }, '1'), false],
    ['names of a metric', lag('lag', '1'), lag('age', '1'), false],
    ['equal selectors', lag('lag', '1', 'a'), lag('lag', '1', 'a'), true],
    ['selectors', lag('lag', '1', 'a'), lag('lag', '1', 'b'), false],
    ['a selector and none', lag('lag', '1', 'a'), lag('lag', '1'), false],
    ['the same quantity written twice', lag('lag', '1'), lag('lag', '1000m'), true],
    ['quantities', lag('lag', '1'), lag('lag', '2'), false],
    ['a quantity and none', QPS, { type: 'Pods', pods: { metric: { name: 'qps' }, current: {} } }, false],
  ])('compares %s', (_what, left, right, same) => {
    expect(sameStatus(withMetrics(left), withMetrics(right))).toBe(same);
  });
});
