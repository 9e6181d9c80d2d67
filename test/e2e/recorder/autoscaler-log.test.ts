import { htmlReport, textReport } from '../../../report';
import { AutoscalerLog } from './autoscaler-log';
import { heardAutoscaler } from './heard';

const SPEC = {
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
  maxReplicas: 9,
  metrics: [
    {
      type: 'Pods',
      pods: { metric: { name: 'rate' }, target: { type: 'AverageValue', averageValue: '25' } },
    },
  ],
};
const ACTIVE = { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: 'fine' };

function heard(current: string | undefined, replicas: number, desired: number) {
  const failed = { ...ACTIVE, status: 'False', reason: 'FailedGetPodsMetric' };
  const pods = { metric: { name: 'rate' }, current: { averageValue: current } };
  return heardAutoscaler.parse({
    metadata: { name: 'api', namespace: 'shop' },
    spec: SPEC,
    status: {
      currentReplicas: replicas,
      desiredReplicas: desired,
      currentMetrics: current === undefined ? [{ type: '' }] : [{ type: 'Pods', pods }],
      conditions: [current === undefined ? failed : ACTIVE],
    },
  });
}

it('writes what was heard as the rehearsal would', () => {
  const log = new AutoscalerLog(heard(undefined, 1, 0));
  log.heard(heard(undefined, 1, 0), 1000);
  log.heard(heard('50', 1, 2), 4000);
  log.heard(heard('50', 1, 2), 7000);
  log.changes.push({ atMs: 3990, from: 1, to: 2 });
  const message = 'New size: 2; reason: pods metric rate above target';
  log.events.push({ atMs: 4010, type: 'Normal', reason: 'SuccessfulRescale', message });
  log.events.push({
    atMs: 9000,
    type: 'Normal',
    reason: 'SuccessfulRescale',
    message: 'New size: 3; reason: x',
  });
  const autoscaler = log.timeline((atMs) => atMs - 1000);
  expect(autoscaler.metrics).toEqual([
    { name: 'pods metric rate', targetType: 'averageValue', target: 25, values: [null, 50] },
  ]);
  expect(autoscaler.syncs).toEqual({ atMs: [0, 3000], replicas: [1, 1], desired: [0, 2] });
  expect(autoscaler.decisions.map(({ atMs, from, to }) => [atMs, from, to])).toEqual([
    [0, 1, undefined],
    [2990, 1, 2],
    [8000, 2, 3],
  ]);
  expect(autoscaler.decisions[1]?.events).toEqual([{ type: 'Normal', reason: 'SuccessfulRescale', message }]);
  const timeline = {
    ...{ name: 'test', durationMs: 9000, seed: 0, noise: true, cluster: 'real', autoscalers: [autoscaler] },
    ...{ workloads: [], loads: [], problems: [], events: [], outcomes: [] },
  };
  expect(textReport(timeline, { color: false, width: 100 })).toContain('1 → 2');
  expect(htmlReport(timeline)).toContain('shop/api');
});

it('keeps a change whose event came late', () => {
  const log = new AutoscalerLog(heard('50', 1, 2));
  log.changes.push({ atMs: 1000, from: 1, to: 2 });
  const message = 'New size: 2; reason: pods metric rate above target';
  log.events.push({ atMs: 4500, type: 'Normal', reason: 'SuccessfulRescale', message });
  expect(log.timeline((atMs) => atMs).decisions.map(({ atMs, from, to }) => [atMs, from, to])).toEqual([
    [1000, 1, 2],
  ]);
});

it('leaves out what others scaled', () => {
  const log = new AutoscalerLog(heard('5', 1, 1));
  log.changes.push({ atMs: 1000, from: 1, to: 2 }, { atMs: 90_000, from: 2, to: 3 });
  const message = 'New size: 3; reason: pods metric rate above target';
  log.events.push({ atMs: 90_020, type: 'Normal', reason: 'SuccessfulRescale', message });
  expect(log.timeline((atMs) => atMs).decisions.map(({ from, to }) => [from, to])).toEqual([[2, 3]]);
});
