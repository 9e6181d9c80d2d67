import { type DefaultedBehavior } from '../../../core/hpa/defaults';
import { limitByPolicies, scaleDownLimit, scaleUpLimit } from '../../../core/hpa/normalize-behavior';
import { limitLegacy } from '../../../core/hpa/normalize-legacy';
import {
  type Recommendation,
  stabilizeLegacy,
  stabilizeWithWindows,
} from '../../../core/hpa/recommendations';
import { changeWithin, type ScaleEvent, storeScaleEvent } from '../../../core/hpa/scale-events';
import { MINUTE, NOW, SECOND, specOf } from './support';

function behaviorOf(behavior: object): DefaultedBehavior {
  const defaulted = specOf({ behavior }).behavior;
  if (!defaulted) throw new Error('no behavior');
  return defaulted;
}

function rules(policies: readonly string[], selectPolicy = 'Max'): object {
  return {
    selectPolicy,
    policies: policies.map((policy) => {
      const [, type, value, period] = /^([P%])(\d+)(?:\/(\d+))?$/.exec(policy) ?? [];
      return {
        type: type === 'P' ? 'Pods' : 'Percent',
        value: Number(value),
        periodSeconds: Number(period ?? 60),
      };
    }),
  };
}

/** Changes in the middle of equal parts of the time before now, the newest first. */
function eventsOf(changes: readonly number[], seconds: number): ScaleEvent[] {
  return changes.map((change, index) => ({
    change,
    at: NOW - ((index + 0.5) * seconds * SECOND) / changes.length,
    outdated: false,
  }));
}

interface Case {
  readonly rules?: object;
  readonly up?: readonly number[];
  readonly down?: readonly number[];
  readonly seconds?: number;
  readonly current: number;
  readonly desired: number;
  readonly min?: number;
  readonly max?: number;
  readonly expected: number;
  readonly reason: string;
}

function limit(direction: 'scaleUp' | 'scaleDown', test: Case): object {
  const { current, desired, min = 1, max = 1000, seconds = 120 } = test;
  const history = {
    scaleUpEvents: eventsOf(test.up ?? [], seconds),
    scaleDownEvents: eventsOf(test.down ?? [], seconds),
  };
  const behavior = behaviorOf(test.rules ? { [direction]: test.rules } : {});
  return limitByPolicies(current, desired, { min, max }, behavior, history, NOW);
}

describe('limits without behavior', () => {
  it.each([
    [5, 7, 3, 8, 7, 'DesiredWithinRange'],
    [3, 1, 2, 8, 2, 'TooFewReplicas'],
    [1, 0, 0, 10, 0, 'DesiredWithinRange'],
    [20, 1000, 1, 10, 10, 'TooManyReplicas'],
    [3, 1000, 1, 2000, 6, 'ScaleUpLimit'],
    [1, 1000, 1, 2000, 4, 'ScaleUpLimit'],
  ])('%d to %d between %d and %d gives %d, %s', (current, desired, min, max, replicas, reason) => {
    expect(limitLegacy(current, desired, { min, max })).toEqual({ replicas, reason });
  });
});

describe('limits of scale-up policies', () => {
  const UP = 'ScaleUpLimit';
  it.each<Case>([
    { current: 10, desired: 50, expected: 20, reason: UP },
    { current: 100, desired: 1000, min: 100, max: 150, expected: 150, reason: 'TooManyReplicas' },
    { rules: rules(['%1']), current: 3, desired: 1000, expected: 4, reason: UP },
    { rules: rules(['P100', '%100']), current: 10, desired: 500, expected: 110, reason: UP },
    { rules: rules(['P2', '%100']), current: 10, desired: 500, expected: 20, reason: UP },
    { rules: rules(['P30']), current: 10, desired: 50, expected: 40, reason: UP },
    { rules: rules(['%200']), current: 10, desired: 50, expected: 30, reason: UP },
    { rules: rules(['P150/120']), up: [1, 5, 9], current: 100, desired: 500, expected: 235, reason: UP },
    { rules: rules(['%200/120']), up: [1, 5, 9], current: 100, desired: 500, expected: 255, reason: UP },
    { rules: rules(['P5/120']), up: [1, 5, 9], current: 100, desired: 500, expected: 100, reason: UP },
    {
      rules: rules(['P300']),
      up: [1, 5, 9],
      current: 100,
      desired: 500,
      max: 200,
      expected: 200,
      reason: 'TooManyReplicas',
    },
    {
      rules: rules(['%300/300']),
      up: [4],
      down: [2],
      seconds: 300,
      current: 6,
      desired: 24,
      expected: 16,
      reason: UP,
    },
    { rules: rules(['P4'], 'Disabled'), current: 6, desired: 24, expected: 6, reason: UP },
    { rules: rules(['P4']), current: 6, desired: 8, expected: 8, reason: 'DesiredWithinRange' },
  ])('%j', (test) => {
    expect(limit('scaleUp', test)).toEqual({ replicas: test.expected, reason: test.reason });
  });

  it('takes the smallest change with selectPolicy Min', () => {
    const { scaleUp } = behaviorOf({ scaleUp: rules(['P2', '%50'], 'Min') });
    expect(scaleUpLimit(1, scaleUp, { scaleUpEvents: [], scaleDownEvents: [] }, NOW)).toBe(2);
  });
});

describe('limits of scale-down policies', () => {
  const DOWN = 'ScaleDownLimit';
  it.each<Case>([
    { rules: rules(['P20', '%1']), current: 100, desired: 2, expected: 80, reason: DOWN },
    { rules: rules(['P2', '%1']), current: 100, desired: 2, expected: 98, reason: DOWN },
    { rules: rules(['P5']), current: 10, desired: 2, expected: 5, reason: DOWN },
    { rules: rules(['%50']), current: 10, desired: 5, expected: 5, reason: 'DesiredWithinRange' },
    { rules: rules(['P100']), current: 10, desired: 0, expected: 1, reason: 'TooFewReplicas' },
    { rules: rules(['%100']), current: 10, desired: 0, min: 5, expected: 5, reason: 'TooFewReplicas' },
    { rules: rules(['P20']), current: 1000, desired: 3, expected: 980, reason: DOWN },
    { rules: rules(['%50/120']), down: [2, 4, 6], current: 100, desired: 0, expected: 56, reason: DOWN },
    { rules: rules(['%50/180']), up: [2], down: [4], current: 10, desired: 1, expected: 6, reason: DOWN },
    { rules: rules(['%10/120']), down: [10, 10, 10], current: 100, desired: 0, expected: 100, reason: DOWN },
    { rules: rules(['%1000']), current: 10, desired: 5, expected: 5, reason: 'DesiredWithinRange' },
    { rules: rules(['P5/120']), down: [1, 5, 9], current: 100, desired: 2, expected: 100, reason: DOWN },
    {
      rules: rules(['P115/120']),
      down: [1, 5, 9],
      current: 100,
      desired: 0,
      expected: 1,
      reason: 'TooFewReplicas',
    },
    { rules: rules(['P5'], 'Disabled'), current: 10, desired: 2, expected: 10, reason: DOWN },
    { current: 10, desired: 10, expected: 10, reason: 'DesiredWithinRange' },
  ])('%j', (test) => {
    expect(limit('scaleDown', test)).toEqual({ replicas: test.expected, reason: test.reason });
  });

  it('takes the smallest change with selectPolicy Min', () => {
    const { scaleDown } = behaviorOf({ scaleDown: rules(['P2', '%50'], 'Min') });
    expect(scaleDownLimit(5, scaleDown, { scaleUpEvents: [], scaleDownEvents: [] }, NOW)).toBe(3);
  });
});

function recommendations(
  ...list: readonly (readonly [replicas: number, minutesAgo: number])[]
): Recommendation[] {
  return list.map(([replicas, minutesAgo]) => ({ replicas, at: NOW - minutesAgo * MINUTE }));
}

function countsOf(list: readonly Recommendation[]): number[] {
  return list.map(({ replicas }) => replicas);
}

describe('stabilization without behavior', () => {
  it.each([
    [recommendations([4, 2], [5, 1]), 3, 5, [4, 5, 3]],
    [recommendations([1, 2], [2, 1]), 3, 3, [1, 2, 3]],
    [recommendations([10, 10], [9, 9]), 3, 3, [10, 3]],
    [recommendations([10, 10], [4, 1], [5, 2], [9, 9]), 3, 5, [10, 4, 5, 3]],
  ])('%j and %d', (past, desired, replicas, kept) => {
    const result = stabilizeLegacy(past, desired, NOW, 5 * MINUTE);
    expect(result.replicas).toBe(replicas);
    expect(countsOf(result.recommendations)).toEqual(kept);
  });
});

describe('stabilization with behavior', () => {
  it.each([
    [0, 180, recommendations([4, 2], [5, 1]), 100, 3, 5, [4, 5, 3]],
    [300, 0, recommendations([4, 2], [5, 1]), 1, 7, 4, [4, 5, 7]],
    [300, 0, recommendations([1, 2], [2, 1]), 100, 3, 3, [1, 2, 3]],
    [0, 300, recommendations([4, 2], [5, 1]), 1, 3, 3, [4, 5, 3]],
    [0, 0, recommendations([10, 10], [9, 9]), 100, 3, 3, [10, 3]],
    [0, 180, recommendations([10, 10], [4, 1], [5, 2], [9, 9]), 100, 3, 5, [10, 4, 5, 3]],
    [300, 0, recommendations([10, 100], [6, 1], [5, 2], [9, 3]), 1, 100, 5, [100, 6, 5, 9]],
    [300, 300, recommendations([2, 100], [3, 3]), 2, 1, 2, [1, 3]],
    [300, 300, recommendations([2, 100], [1, 3]), 2, 3, 2, [3, 1]],
  ])(
    'windows of %d s up and %d s down, %j, at %d wanting %d',
    (up, down, past, current, desired, replicas, kept) => {
      const windows = { upMs: up * SECOND, downMs: down * SECOND };
      const result = stabilizeWithWindows(past, current, desired, NOW, windows);
      expect(result.replicas).toBe(replicas);
      expect(countsOf(result.recommendations)).toEqual(kept);
    },
  );
});

describe('the store of scale events', () => {
  function events(...list: readonly (readonly [change: number, secondsAgo: number])[]): ScaleEvent[] {
    return list.map(([change, secondsAgo]) => ({ change, at: NOW - secondsAgo * SECOND, outdated: false }));
  }

  it.each([
    [events([7, 61]), ['P1/60'], [5]],
    [events([7, 58]), ['P1/60'], [7, 5]],
    [events([7, 61], [6, 59]), ['P1/60'], [5, 6]],
    [events([8, 29], [6, 59], [7, 61], [9, 61]), ['P1/60', 'P1/30'], [8, 6, 7, 5]],
    [events([7, 58], [6, 59]), ['P1/120', 'P1/30'], [7, 6, 5]],
  ])('%j under %j, after a change of 5', (past, policies, changes) => {
    const { scaleUp } = behaviorOf({ scaleUp: rules(policies) });
    const stored = storeScaleEvent(past, 5, scaleUp, NOW);
    expect(stored.map(({ change }) => change)).toEqual(changes);
    expect(past.every(({ outdated }) => !outdated)).toBe(true);
  });

  it('marks what it does not overwrite as outdated', () => {
    const { scaleUp } = behaviorOf({ scaleUp: rules(['P1/60']) });
    const stored = storeScaleEvent(events([8, 29], [6, 59], [7, 61], [9, 61]), 5, scaleUp, NOW);
    expect(stored.map(({ outdated }) => outdated)).toEqual([false, false, true, false]);
  });

  it('sums the changes of a period, whose oldest moment is not part of it', () => {
    const past = events([8, 29], [6, 59], [7, 60], [9, 61]);
    expect(changeWithin(past, 60, NOW)).toBe(14);
    expect(changeWithin(past, 61, NOW)).toBe(21);
  });
});
