import type { AutoscalerTimeline, Timeline } from '../../core/model';

const SYNC = 15_000;
const DURATION = 900_000;
const LOAD = 50;
const moments = Array.from({ length: DURATION / SYNC }, (_, index) => (index + 1) * SYNC);

/** The size at a moment, from the moments it changed. */
function sizeAt(changes: readonly (readonly [atMs: number, size: number])[], atMs: number): number {
  return changes.findLast(([at]) => at <= atMs)?.[1] ?? 1;
}

function autoscaler(
  name: string,
  target: number,
  changes: readonly (readonly [atMs: number, size: number])[],
): AutoscalerTimeline {
  const metric = 'pods metric http_requests_per_second';
  return {
    namespace: 'backend',
    name,
    target: { kind: 'Deployment', name },
    minReplicas: 1,
    maxReplicas: 10,
    metrics: [
      {
        name: metric,
        targetType: 'averageValue',
        target,
        values: moments.map((at) => (at < 90_000 ? null : LOAD / sizeAt(changes, at - SYNC))),
      },
    ],
    syncs: {
      atMs: moments,
      replicas: moments.map((at) => sizeAt(changes, at - 1)),
      desired: moments.map((at) => (at < 90_000 ? 0 : sizeAt(changes, at))),
    },
    decisions: changes.map(([atMs, to], index) => ({
      atMs,
      from: changes[index - 1]?.[1] ?? 1,
      to,
      events: [
        {
          type: 'Normal',
          reason: 'SuccessfulRescale',
          message: `New size: ${to}; reason: ${metric} above target`,
        },
      ],
      changed:
        index === 0
          ? [
              {
                type: 'ScalingActive',
                status: 'True',
                reason: 'ValidMetricFound',
                message: `the HPA was able to successfully calculate a replica count from ${metric}`,
              },
            ]
          : [],
    })),
    conditions: [
      {
        type: 'AbleToScale',
        status: 'True',
        reason: 'ReadyForNewScale',
        message: 'recommended size matches current size',
      },
      {
        type: 'ScalingActive',
        status: 'True',
        reason: 'ValidMetricFound',
        message: `the HPA was able to successfully calculate a replica count from ${metric}`,
      },
    ],
  };
}

/** Two backends that settle at 2 and 5 replicas, as a rehearsal of the kind stack tells it. */
export const settled: Timeline = {
  name: 'kind',
  durationMs: DURATION,
  seed: 1,
  noise: true,
  cluster: 'kind, Kubernetes 1.36.1, 4 nodes, sync every 15s',
  autoscalers: [
    autoscaler('backend-1', 25, [[90_000, 2]]),
    autoscaler('backend-2', 10, [
      [90_000, 4],
      [165_000, 5],
    ]),
  ],
  workloads: [
    {
      kind: 'Deployment',
      namespace: 'backend',
      name: 'backend-1',
      atMs: [0, 6_000, 90_000, 96_000],
      pods: [1, 1, 2, 2],
      ready: [0, 1, 1, 2],
    },
    {
      kind: 'Deployment',
      namespace: 'backend',
      name: 'backend-2',
      atMs: [0, 6_000, 90_000, 96_000, 165_000, 171_000],
      pods: [1, 1, 4, 4, 5, 5],
      ready: [0, 1, 1, 4, 4, 5],
    },
  ],
  loads: ['1', '2'].map((suffix) => ({
    name: `load-test/load-test-${suffix}`,
    target: `backend/backend-${suffix}:8080`,
    atMs: [0, 6_000],
    sent: [0, LOAD],
    served: [0, LOAD],
  })),
  problems: [],
  events: [
    {
      atMs: 0,
      source: 'scenario',
      object: 'load-test/load-test-1',
      type: 'Normal',
      reason: 'LoadChanged',
      message: '50 requests a second',
    },
  ],
  outcomes: [
    { expectation: 'backend/backend-1: 2 replicas at 10m', met: true, actual: '2' },
    { expectation: 'backend/backend-2: 5 replicas at 10m', met: true, actual: '5' },
  ],
};

const BLOCKED = 'no NetworkPolicy allows TCP 9965 from cilium-monitoring/prometheus';

/** A chain with a closed link: no metric, no scaling, a missed expectation. */
export const broken: Timeline = {
  ...settled,
  autoscalers: settled.autoscalers.slice(0, 1).map((entry) => ({
    ...entry,
    metrics: entry.metrics.map((metric) => ({ ...metric, values: moments.map(() => null) })),
    syncs: { atMs: moments, replicas: moments.map(() => 1), desired: moments.map(() => 0) },
    decisions: [
      {
        atMs: 15_000,
        from: 1,
        events: [
          {
            type: 'Warning',
            reason: 'FailedGetPodsMetric',
            message:
              'unable to get metric http_requests_per_second: no metrics returned from custom metrics API',
          },
        ],
        changed: [],
      },
    ],
    conditions: [
      {
        type: 'ScalingActive',
        status: 'False',
        reason: 'FailedGetPodsMetric',
        message: 'the HPA was unable to compute the replica count',
      },
    ],
  })),
  problems: [
    {
      link: 'network',
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name: 'cilium-x7k2p' },
      message: BLOCKED,
      firstMs: 10_000,
      lastMs: DURATION,
    },
  ],
  outcomes: [{ expectation: 'backend/backend-1: 2 replicas at 10m', met: false, actual: '1 replica' }],
};
