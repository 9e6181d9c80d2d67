import {
  limitByPolicies,
  scaleDownLimit,
  scaleUpLimit,
} from '../../../../core/hpa/controller/normalize-behavior';
import { limitLegacy } from '../../../../core/hpa/controller/normalize-legacy';
import { type ScaleEvent } from '../../../../core/hpa/controller/scale-events';
import { behaviorOf, NOW, rules, SECOND } from '../support';

type Reason = ReturnType<typeof limitLegacy>['reason'];

const WITHIN = 'DesiredWithinRange';
const FEW = 'TooFewReplicas';
const MANY = 'TooManyReplicas';
const UP = 'ScaleUpLimit';
const DOWN = 'ScaleDownLimit';

interface History {
  readonly up?: readonly string[];
  readonly down?: readonly string[];
  /** Changes of the last two minutes, each in the middle of its share of them, the oldest first. */
  readonly ups?: readonly number[];
  readonly downs?: readonly number[];
}

type Case = [
  name: string,
  counts: readonly [current: number, desired: number],
  bounds: readonly [min: number, max: number],
  limited: readonly [replicas: number, reason: Reason],
  history?: History,
];

/** `generateEventsUniformDistribution`; upstream leaves fractions of a second out. */
function spread(changes: readonly number[]): ScaleEvent[] {
  const share = 120 / changes.length;
  return changes.map((change, index) => {
    const secondsAgo = Math.trunc(120 - share * (index + 1) + share / 2);
    return { change, at: NOW - secondsAgo * SECOND, outdated: false };
  });
}

const WITHOUT_PERIODS: Case[] = [
  ['prenormalized desired replicas within range', [5, 7], [3, 8], [7, WITHIN]],
  ['prenormalized desired replicas < minReplicas', [3, 1], [2, 8], [2, FEW]],
  ['prenormalized desired replicas within range when minReplicas is 0', [1, 0], [0, 10], [0, WITHIN]],
  ['maxReplicas is the limit because maxReplicas < scaleUpLimit', [20, 1000], [1, 10], [10, MANY]],
  ['desired replica count is more than the maximum replica count', [100, 1000], [100, 150], [150, MANY]],
  [
    'scaleUpLimit is the limit because scaleUpLimit < maxReplicas with user policies',
    [3, 1000],
    [1, 2000],
    [4, UP],
    { up: ['%1'] },
  ],
  [
    'scaleDownLimit is the limit because scaleDownLimit > minReplicas with user defined policies',
    [1000, 3],
    [3, 2000],
    [980, DOWN],
    { down: ['P20'] },
  ],
  ['scaleUp with default behavior', [10, 50], [1, 1000], [20, UP]],
  [
    'scaleUp with pods policy larger than percent policy',
    [10, 500],
    [1, 1000],
    [110, UP],
    { up: ['P100', '%100'] },
  ],
  [
    'scaleUp with percent policy larger than pods policy',
    [10, 500],
    [1, 1000],
    [20, UP],
    { up: ['P2', '%100'] },
  ],
  [
    'scaleUp with spec MaxReplicas limitation with large pod policy',
    [10, 50],
    [1, 1000],
    [50, WITHIN],
    { up: ['P100'] },
  ],
  [
    'scaleUp with spec MaxReplicas limitation with large percent policy',
    [10, 50],
    [1, 1000],
    [50, WITHIN],
    { up: ['P10000'] },
  ],
  ['scaleUp with pod policy limitation', [10, 50], [1, 1000], [40, UP], { up: ['P30'] }],
  ['scaleUp with percent policy limitation', [10, 50], [1, 1000], [30, UP], { up: ['%200'] }],
  [
    'scaleDown with percent policy larger than pod policy',
    [100, 2],
    [1, 1000],
    [80, DOWN],
    { down: ['P20', '%1'] },
  ],
  [
    'scaleDown with pod policy larger than percent policy',
    [100, 2],
    [1, 1000],
    [98, DOWN],
    { down: ['P2', '%1'] },
  ],
  [
    'scaleDown with spec MinReplicas=nil limitation with large pod policy',
    [10, 0],
    [1, 1000],
    [1, FEW],
    { down: ['P100'] },
  ],
  [
    'scaleDown with spec MinReplicas limitation with large pod policy',
    [10, 0],
    [1, 1000],
    [1, FEW],
    { down: ['P100'] },
  ],
  [
    'scaleDown with spec MinReplicas limitation with large percent policy',
    [10, 2],
    [5, 1000],
    [5, FEW],
    { down: ['%100'] },
  ],
  ['scaleDown with pod policy limitation', [10, 2], [1, 1000], [5, DOWN], { down: ['P5'] }],
  ['scaleDown with percent policy limitation', [10, 5], [1, 1000], [5, WITHIN], { down: ['%50'] }],
];

const UPS = [1, 5, 9];

const UP_WITH_EVENTS: Case[] = [
  [
    'scaleUp with spec MaxReplicas limitation with large pod policy and events',
    [100, 500],
    [1, 200],
    [200, MANY],
    { ups: UPS, up: ['P300'] },
  ],
  [
    'scaleUp with spec MaxReplicas limitation with large percent policy and events',
    [100, 500],
    [1, 200],
    [200, MANY],
    { ups: UPS, up: ['%10000'] },
  ],
  [
    'scaleUp with currentReplicas limitation with rate.PeriodSeconds with a lot of recent scale up events',
    [100, 500],
    [1, 1000],
    [100, UP],
    { ups: UPS, up: ['P5/120'] },
  ],
  [
    'scaleUp with pod policy and previous scale up events',
    [100, 500],
    [1, 1000],
    [235, UP],
    { ups: UPS, up: ['P150/120'] },
  ],
  [
    'scaleUp with percent policy and previous scale up events',
    [100, 500],
    [1, 1000],
    [255, UP],
    { ups: UPS, up: ['%200/120'] },
  ],
  [
    'scaleUp with percent policy and previous scale up and down events',
    [6, 24],
    [1, 1000],
    [16, UP],
    { ups: [4], downs: [2], up: ['%300/300'] },
  ],
];

const DOWN_WITH_EVENTS: Case[] = [
  [
    'scaleDown with default policy and previous events',
    [10, 5],
    [1, 1000],
    [5, WITHIN],
    { downs: [1, 5, 9] },
  ],
  [
    'scaleDown with spec MinReplicas=nil limitation with large pod policy and previous events',
    [100, 0],
    [1, 1000],
    [1, FEW],
    { downs: [1, 5, 9], down: ['P115/120'] },
  ],
  [
    'scaleDown with spec MinReplicas limitation with large pod policy and previous events',
    [100, 0],
    [5, 1000],
    [5, FEW],
    { downs: [1, 5, 9], down: ['P130/120'] },
  ],
  [
    'scaleDown with spec MinReplicas limitation with large percent policy and previous events',
    [100, 2],
    [5, 1000],
    [5, FEW],
    { downs: [1, 5, 9], down: ['%100/120'] },
  ],
  [
    'scaleDown with pod policy limitation and previous events',
    [100, 2],
    [1, 1000],
    [100, DOWN],
    { downs: [1, 5, 9], down: ['P5/120'] },
  ],
  [
    'scaleDown with percent policy limitation and previous events',
    [100, 0],
    [1, 1000],
    [56, DOWN],
    { downs: [2, 4, 6], down: ['%50/120'] },
  ],
  [
    'scaleDown with percent policy and previous scale up and down events',
    [10, 1],
    [1, 1000],
    [6, DOWN],
    { ups: [2], downs: [4], down: ['%50/180'] },
  ],
  [
    'scaleDown with previous events preventing further scale down',
    [100, 0],
    [1, 1000],
    [100, DOWN],
    { downs: [10, 10, 10], down: ['%10/120'] },
  ],
  [
    'scaleDown with with previous events still allowing more scale down',
    [10, 5],
    [1, 1000],
    [5, WITHIN],
    { downs: [10, 10, 10], down: ['%1000/120'] },
  ],
];

const CHANGES = [8, 12, 9, 11];

const OUTDATED: Case[] = [
  [
    "check 'outdated' flag for events for one behavior for up",
    [100, 200],
    [1, 1000],
    [200, WITHIN],
    { ups: CHANGES, up: ['P1000'] },
  ],
  [
    "check that events were not marked 'outdated' for two different policies in the behavior for up",
    [100, 200],
    [1, 1000],
    [200, WITHIN],
    { ups: CHANGES, up: ['P1000/120', '%100'] },
  ],
  [
    "check that events were marked 'outdated' for two different policies in the behavior for up",
    [100, 200],
    [1, 1000],
    [200, WITHIN],
    { ups: CHANGES, up: ['P1000/30', '%100'] },
  ],
  [
    "check 'outdated' flag for events for one behavior for down",
    [100, 5],
    [1, 1000],
    [5, WITHIN],
    { downs: CHANGES, down: ['P1000'] },
  ],
  [
    "check that events were not marked 'outdated' for two different policies in the behavior for down",
    [100, 5],
    [1, 1000],
    [5, WITHIN],
    { downs: CHANGES, down: ['P1000/120', '%100'] },
  ],
  [
    "check that events were marked 'outdated' for two different policies in the behavior for down",
    [100, 5],
    [1, 1000],
    [5, WITHIN],
    { downs: CHANGES, down: ['P1000/30', '%100'] },
  ],
];

describe('TestScalingWithRules', () => {
  it.each([...WITHOUT_PERIODS, ...UP_WITH_EVENTS, ...DOWN_WITH_EVENTS, ...OUTDATED])(
    '%s',
    (_name, [current, desired], [min, max], [replicas, reason], { up, down, ups, downs } = {}) => {
      const behavior = behaviorOf({ scaleUp: up && rules(up), scaleDown: down && rules(down) });
      const history = { scaleUpEvents: spread(ups ?? []), scaleDownEvents: spread(downs ?? []) };
      const limited = limitByPolicies(current, desired, { min, max }, behavior, history, NOW);
      expect(limited).toEqual({ replicas, reason });
    },
  );
});

describe('TestConvertDesiredReplicasWithRules', () => {
  it.each<Case>([
    ['prenormalized desired replicas within range', [5, 7], [3, 8], [7, WITHIN]],
    ['prenormalized desired replicas < minReplicas', [3, 1], [2, 8], [2, FEW]],
    ['prenormalized desired zeroed replicas within range', [1, 0], [0, 10], [0, WITHIN]],
    ['maxReplicas is the limit because maxReplicas < scaleUpLimit', [20, 1000], [1, 10], [10, MANY]],
    // Upstream's tests raise the factor of this limit from two to eight.
    ['scaleUpLimit is the limit because scaleUpLimit < maxReplicas', [3, 1000], [1, 2000], [6, UP]],
  ])('%s', (_name, [current, desired], [min, max], [replicas, reason]) => {
    expect(limitLegacy(current, desired, { min, max })).toEqual({ replicas, reason });
  });
});

describe('limits with selectPolicy Min', () => {
  const none = { scaleUpEvents: [], scaleDownEvents: [] };
  const least = rules(['P2', '%50'], 'Min');

  it('TestCalculateScaleUpLimitWithScalingRules', () => {
    expect(scaleUpLimit(1, behaviorOf({ scaleUp: least }).scaleUp, none, NOW)).toBe(2);
  });

  it('TestCalculateScaleDownLimitWithBehaviors', () => {
    expect(scaleDownLimit(5, behaviorOf({ scaleDown: least }).scaleDown, none, NOW)).toBe(3);
  });
});
