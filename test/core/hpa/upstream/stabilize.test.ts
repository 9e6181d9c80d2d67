import {
  type Recommendation,
  stabilizeLegacy,
  stabilizeWithWindows,
} from '../../../../core/hpa/controller/recommendations';
import { MINUTE, NOW, SECOND } from '../support';

type Past = readonly (readonly [replicas: number, minutesAgo: number])[];

function recommendations(past: Past): Recommendation[] {
  return past.map(([replicas, minutesAgo]) => ({ replicas, at: NOW - minutesAgo * MINUTE }));
}

function countsOf(list: readonly Recommendation[]): number[] {
  return list.map(({ replicas }) => replicas);
}

const TWO: Past = [
  [4, 2],
  [5, 1],
];
const LOW: Past = [
  [1, 2],
  [2, 1],
];
const OLD: Past = [
  [10, 10],
  [9, 9],
];
const MIXED: Past = [
  [10, 10],
  [4, 1],
  [5, 2],
  [9, 9],
];

// Upstream counts what is kept without behavior; which slot is taken matters as much.
describe('TestNormalizeDesiredReplicas', () => {
  it.each<[name: string, past: Past, desired: number, replicas: number, kept: number[]]>([
    ['empty log', [], 5, 5, [5]],
    ['stabilize', TWO, 3, 5, [4, 5, 3]],
    ['no stabilize', LOW, 3, 3, [1, 2, 3]],
    ['no stabilize - old recommendations', OLD, 3, 3, [10, 3]],
    ['stabilize - old recommendations', MIXED, 3, 5, [10, 4, 5, 3]],
  ])('%s', (_name, past, desired, replicas, kept) => {
    const result = stabilizeLegacy(recommendations(past), desired, NOW, 5 * MINUTE);
    expect(result.replicas).toBe(replicas);
    expect(countsOf(result.recommendations)).toEqual(kept);
  });
});

interface Case {
  readonly name: string;
  readonly past: Past;
  readonly current: number;
  readonly desired: number;
  /** Seconds. */
  readonly up?: number;
  readonly down?: number;
  readonly replicas: number;
  /** Upstream leaves them out of its last two cases. */
  readonly kept: readonly number[];
}

const CASES: Case[] = [
  {
    name: 'empty recommendations for scaling down',
    past: [],
    current: 100,
    desired: 5,
    replicas: 5,
    kept: [5],
  },
  {
    name: 'simple scale down stabilization',
    past: TWO,
    current: 100,
    desired: 3,
    down: 180,
    replicas: 5,
    kept: [4, 5, 3],
  },
  {
    name: 'simple scale up stabilization',
    past: TWO,
    current: 1,
    desired: 7,
    up: 300,
    replicas: 4,
    kept: [4, 5, 7],
  },
  {
    name: 'no scale down stabilization',
    past: LOW,
    current: 100,
    desired: 3,
    up: 300,
    replicas: 3,
    kept: [1, 2, 3],
  },
  {
    name: 'no scale up stabilization',
    past: TWO,
    current: 1,
    desired: 3,
    down: 300,
    replicas: 3,
    kept: [4, 5, 3],
  },
  {
    name: 'no scale down stabilization, reuse recommendation element',
    past: OLD,
    current: 100,
    desired: 3,
    replicas: 3,
    kept: [10, 3],
  },
  {
    name: 'no scale up stabilization, reuse recommendation element',
    past: OLD,
    current: 1,
    desired: 100,
    replicas: 100,
    kept: [10, 100],
  },
  {
    name: 'scale down stabilization, reuse one of obsolete recommendation element',
    past: MIXED,
    current: 100,
    desired: 3,
    down: 180,
    replicas: 5,
    kept: [10, 4, 5, 3],
  },
  {
    name: 'scale up stabilization, reuse one of obsolete recommendation element',
    past: [
      [10, 100],
      [6, 1],
      [5, 2],
      [9, 3],
    ],
    current: 1,
    desired: 100,
    up: 300,
    replicas: 5,
    kept: [100, 6, 5, 9],
  },
  {
    name: 'scale up and down stabilization, do not scale up when prenormalized rec goes down',
    past: [
      [2, 100],
      [3, 3],
    ],
    current: 2,
    desired: 1,
    up: 300,
    down: 300,
    replicas: 2,
    kept: [1, 3],
  },
  {
    name: 'scale up and down stabilization, do not scale down when prenormalized rec goes up',
    past: [
      [2, 100],
      [1, 3],
    ],
    current: 2,
    desired: 3,
    up: 300,
    down: 300,
    replicas: 2,
    kept: [3, 1],
  },
];

describe('TestNormalizeDesiredReplicasWithBehavior', () => {
  it.each(CASES)('$name', ({ past, current, desired, up = 0, down = 0, replicas, kept }) => {
    const windows = { up: up * SECOND, down: down * SECOND };
    const result = stabilizeWithWindows(recommendations(past), current, desired, NOW, windows);
    expect(result.replicas).toBe(replicas);
    expect(countsOf(result.recommendations)).toEqual(kept);
  });
});
