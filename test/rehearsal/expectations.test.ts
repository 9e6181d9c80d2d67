import {
  defineScenario,
  type AutoscalerTimeline,
  type ExpectationInput,
  type WorkloadTimeline,
} from '../../core/model';
import { Inventory } from '../../core/kube/inventory';
import { ExpectedAutoscalers, judge } from '../../rehearsal/expectations';

const AUTOSCALER: AutoscalerTimeline = {
  namespace: 'shop',
  name: 'app',
  target: { kind: 'Deployment', name: 'app' },
  minReplicas: 1,
  maxReplicas: 10,
  metrics: [{ name: 'pods metric m', targetType: 'averageValue', target: 10, values: [null, 50, 12, 4] }],
  syncs: { atMs: [15_000, 30_000, 45_000, 60_000], replicas: [1, 1, 4, 4], desired: [0, 4, 4, 2] },
  decisions: [
    { atMs: 30_000, from: 1, to: 4, events: [], changed: [] },
    { atMs: 60_000, from: 4, to: 2, events: [], changed: [] },
  ],
  conditions: [{ type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: 'fine' }],
};
const WORKLOAD: WorkloadTimeline = {
  kind: 'Deployment',
  namespace: 'shop',
  name: 'app',
  atMs: [0, 30_000, 60_000],
  pods: [1, 4, 2],
  ready: [0, 1, 2],
};

function outcomes(expectation: Omit<ExpectationInput, 'autoscaler'>) {
  const scenario = defineScenario(
    { duration: '2m', expect: [{ autoscaler: 'shop/app', ...expectation }] },
    'test',
  );
  return judge(scenario, [AUTOSCALER], [WORKLOAD], new ExpectedAutoscalers(new Inventory([]), []));
}

describe('expectations', () => {
  it.each([
    [{ replicasAt: { '45s': 4 } }, true, '4 replicas'],
    [{ replicasAt: { '29s': 4 } }, false, '1 replica'],
    [{ replicasAt: { '30s': { atLeast: 3 } } }, true, '4 replicas'],
    [{ replicasAt: { '30s': { atMost: 3 } } }, false, '4 replicas'],
    [{ neverAbove: 4 }, true, 'at most 4 replicas'],
    [{ neverAbove: 3 }, false, 'at most 4 replicas'],
    [{ neverBelow: 2 }, false, 'at least 1 replica'],
    [{ noScaleDownBefore: '1m' }, true, 'none'],
    [{ noScaleDownBefore: '2m' }, false, 'from 4 to 2 replicas at 1m'],
    [{ noScaleUpAfter: '20s' }, false, 'from 1 to 4 replicas at 30s'],
    [{ noScaleUpAfter: '30s' }, true, 'none'],
    [{ directionChangesAtMost: 0 }, false, '1'],
    [{ directionChangesAtMost: 1 }, true, '1'],
    [{ directionChangesAtLeast: 1 }, true, '1'],
    [{ directionChangesAtLeast: 2 }, false, '1'],
    [{ metricKnownBetween: ['20s', '40s'] as [string, string] }, true, 'at 30s'],
    [{ metricKnownBetween: ['31s', '40s'] as [string, string] }, false, 'at 30s'],
    [{ metricUnknownAt: ['16s'] }, true, '<unknown>'],
    [{ metricUnknownAt: ['31s'] }, false, '50'],
    [
      { conditionAtEnd: { type: 'ScalingActive', status: 'True' as const } },
      true,
      'ScalingActive=True (ValidMetricFound): fine',
    ],
    [
      { conditionAtEnd: { type: 'ScalingActive', status: 'True' as const, reason: 'Other' } },
      false,
      'ScalingActive=True (ValidMetricFound): fine',
    ],
    [{ conditionAtEnd: { type: 'ScalingLimited', status: 'True' as const } }, false, 'not set'],
  ])('%j: %s, %s', (expectation, met, actual) => {
    expect(outcomes(expectation)).toEqual([expect.objectContaining({ met, actual })]);
  });

  it('are named after their autoscaler, in words', () => {
    expect(
      outcomes({ neverAbove: 6, replicasAt: { '1m': { atLeast: 2, atMost: 3 } } }).map(
        ({ expectation }) => expectation,
      ),
    ).toEqual(['shop/app: 2 to 3 replicas at 1m', 'shop/app: never above 6 replicas']);
  });
});
