import { type HpaPod, type Nanoseconds, type PodMetric } from '../../../../core/hpa';
import { groupOfPod, type PodGroup } from '../../../../core/hpa/controller/pod-groups';
import { MINUTE, NOW, SECOND } from '../support';
import { ZERO_TIME } from './pods';
import { eachVersion, unitTestConfig } from './versions';

type Parts = Partial<HpaPod>;

/** Started that long ago, ready or not since that long. */
function pod(startedAgo: Nanoseconds, ready?: readonly ['True' | 'False', since: Nanoseconds]): Parts {
  const startTime = NOW - startedAgo;
  return ready ? { startTime, ready: { status: ready[0], since: NOW - ready[1] } } : { startTime };
}

interface Sample {
  readonly ago: Nanoseconds;
  readonly window: Nanoseconds;
}

const OLD: Sample = { ago: NOW - ZERO_TIME, window: 0 };

function sampleOf({ ago, window }: Sample): PodMetric {
  return { value: 1, timestamp: NOW - ago, window };
}

interface Case {
  readonly name: string;
  readonly pods: Readonly<Record<string, Parts>>;
  readonly samples: Readonly<Record<string, Sample>>;
  readonly resource?: string;
  readonly groups: Readonly<Record<string, PodGroup>>;
}

const CASES: Case[] = [
  {
    name: 'count in a ready pod - memory',
    pods: { bentham: {} },
    samples: { bentham: { ago: 0, window: MINUTE } },
    resource: 'memory',
    groups: { bentham: 'ready' },
  },
  {
    name: 'unready a pod without ready condition - CPU',
    pods: { lucretius: pod(0) },
    samples: { lucretius: OLD },
    groups: { lucretius: 'unready' },
  },
  {
    name: 'count in a ready pod with fresh metrics during initialization period - CPU',
    pods: { bentham: pod(MINUTE, ['True', 30 * SECOND]) },
    samples: { bentham: { ago: 0, window: 30 * SECOND } },
    groups: { bentham: 'ready' },
  },
  {
    name: 'unready a ready pod without fresh metrics during initialization period - CPU',
    pods: { bentham: pod(MINUTE, ['True', 30 * SECOND]) },
    samples: { bentham: { ago: 0, window: MINUTE } },
    groups: { bentham: 'unready' },
  },
  {
    name: 'unready an unready pod during initialization period - CPU',
    pods: { lucretius: pod(10 * MINUTE, ['False', 9 * MINUTE + 54 * SECOND]) },
    samples: { lucretius: OLD },
    groups: { lucretius: 'unready' },
  },
  {
    name: 'count in a ready pod without fresh metrics after initialization period - CPU',
    pods: { bentham: pod(3 * MINUTE, ['True', 3 * MINUTE]) },
    samples: { bentham: { ago: 2 * MINUTE, window: MINUTE } },
    groups: { bentham: 'ready' },
  },
  {
    name: 'count in an unready pod that was ready after initialization period - CPU',
    pods: { lucretius: pod(10 * MINUTE, ['False', 9 * MINUTE]) },
    samples: { lucretius: OLD },
    groups: { lucretius: 'ready' },
  },
  {
    name: 'unready pod that has never been ready after initialization period - CPU',
    pods: { lucretius: pod(10 * MINUTE, ['False', 9 * MINUTE + 50 * SECOND]) },
    samples: { lucretius: OLD },
    groups: { lucretius: 'ready' },
  },
  {
    name: 'a missing pod',
    pods: { epicurus: pod(3 * MINUTE) },
    samples: {},
    groups: { epicurus: 'missing' },
  },
  {
    name: 'several pods',
    pods: { lucretius: pod(0), niccolo: pod(3 * MINUTE, ['True', 3 * MINUTE]), epicurus: pod(3 * MINUTE) },
    samples: { lucretius: OLD, niccolo: OLD },
    groups: { lucretius: 'unready', niccolo: 'ready', epicurus: 'missing' },
  },
  {
    name: 'pending pods are unreadied',
    pods: { unscheduled: { phase: 'Pending' } },
    samples: {},
    groups: { unscheduled: 'unready' },
  },
  {
    name: 'ignore pods with deletion timestamps',
    pods: { deleted: { phase: 'Pending', deleting: true } },
    samples: { deleted: OLD },
    groups: { deleted: 'ignored' },
  },
  {
    name: 'ignore pods in a failed state',
    pods: { failed: { phase: 'Failed' } },
    samples: { failed: OLD },
    groups: { failed: 'ignored' },
  },
];

describe('TestGroupPods', () => {
  eachVersion(CASES, ({ pods, samples, resource = 'cpu', groups }, minor) => {
    const found = Object.entries(pods).map(([name, parts]) => {
      const listed: HpaPod = { name, phase: 'Succeeded', containers: [], ...parts };
      const sample = samples[name] && sampleOf(samples[name]);
      return [name, groupOfPod(listed, sample, resource, NOW, unitTestConfig(minor))];
    });
    expect(Object.fromEntries(found)).toEqual(groups);
  });
});
