import { hpaConfig, type HpaPod, type PodMetrics } from '../../../../core/hpa';
import { plainReplicas, utilizationReplicas } from '../../../../core/hpa/controller/per-pod-replicas';
import { MINUTE, NOW, requests, viewOf } from '../support';
import { eachVersion, type UpstreamCase } from './versions';

/** `podautoscaler/metrics/utilization_test.go`; without tolerance the count of replicas tells the ratio. */
interface Case extends UpstreamCase {
  readonly metrics: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, number>>;
  readonly gives: object;
}

const TWO = { 'test-pod-0': 50, 'test-pod-1': 76 };
const REQUESTS = { 'test-pod-0': 100, 'test-pod-1': 100 };

const CASES: Case[] = [
  {
    name: 'TestGetResourceUtilizationRatioBaseCase',
    in37: 'TestResourceUtilizationRatio: base case',
    metrics: TWO,
    requests: REQUESTS,
    gives: { utilization: 63, usage: 63, replicas: 3 },
  },
  {
    name: 'TestGetResourceUtilizationRatioIgnorePodsWithNoRequest',
    in37: 'TestResourceUtilizationRatio: ignore pods with no request',
    metrics: { ...TWO, 'test-pod-no-request': 100 },
    requests: REQUESTS,
    gives: { utilization: 63, usage: 63, replicas: 3 },
  },
  {
    name: 'TestGetResourceUtilizationRatioExtraRequest',
    in37: 'TestResourceUtilizationRatio: extra request',
    metrics: TWO,
    requests: { ...REQUESTS, 'test-pod-extra-request': 500 },
    gives: { utilization: 63, usage: 63 },
  },
  {
    name: 'TestGetResourceUtilizationRatioNoRequests',
    in37: 'TestResourceUtilizationRatio: no request',
    metrics: TWO,
    requests: { 'a-pod-without-sample': 100 },
    gives: { error: 'no metrics returned matched known pods' },
  },
];

function samplesOf(values: Readonly<Record<string, number>>): PodMetrics {
  return new Map(
    Object.entries(values).map(([name, value]) => [name, { value, timestamp: NOW, window: MINUTE }]),
  );
}

function podsOf(cpus: Readonly<Record<string, number>>): HpaPod[] {
  return Object.entries(cpus).map(([name, cpu]) => ({
    name,
    phase: 'Running',
    startTime: 0,
    ready: { status: 'True', since: 0 },
    containers: [{ name: 'app', requests: requests({ cpu }) }],
  }));
}

describe('GetResourceUtilizationRatio', () => {
  eachVersion(CASES, (test, minor) => {
    const view = viewOf(podsOf(test.requests), 9, hpaConfig({ kubernetes: `1.${minor}`, tolerance: 0 }));
    const proposal = utilizationReplicas(samplesOf(test.metrics), 'cpu', '', 50, view);
    expect(proposal).toMatchObject(test.gives);
  });
});

const PLAIN = { name: 'TestGetMetricUsageRatioBaseCase', in37: 'TestMetricUsageRatio: base case' };

describe('GetMetricUsageRatio', () => {
  eachVersion([PLAIN], (_test, minor) => {
    const view = viewOf(podsOf(REQUESTS), 9, hpaConfig({ kubernetes: `1.${minor}`, tolerance: 0 }));
    const metrics = samplesOf({ 'test-pod-0': 5000, 'test-pod-1': 10_000 });
    expect(plainReplicas(metrics, '', 10_000, view)).toMatchObject({ usage: 7500, replicas: 2 });
  });
});
