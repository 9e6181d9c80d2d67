import { hpaConfig, type HpaResult, initialState, reconcile } from '../../../../core/hpa';
import { changeWithin, type ScaleEvent } from '../../../../core/hpa/controller/scale-events';
import { inputsOf, NOW, rules, SECOND, specOf } from '../support';

type Past = readonly (readonly [change: number, secondsAgo: number])[];

/** A change of five, under policies unless there is no behavior. */
interface Case {
  readonly name: string;
  readonly past: Past;
  readonly policies?: readonly string[];
  /** The changes kept, and which of them are outdated. */
  readonly kept: readonly (number | 'outdated')[][];
  /** Replicas changed in the last minute, before. */
  readonly lastMinute: number;
}

const CASES: Case[] = [
  { name: 'empty entries with default behavior', past: [], kept: [], lastMinute: 0 },
  {
    name: 'empty entries with two-policy-behavior',
    past: [],
    policies: ['P10', '%100'],
    kept: [[5]],
    lastMinute: 0,
  },
  {
    name: 'one outdated entry to be kept untouched without behavior',
    past: [[7, 61]],
    kept: [[7]],
    lastMinute: 0,
  },
  {
    name: 'one outdated entry to be replaced with behavior',
    past: [[7, 61]],
    policies: ['P10', '%100'],
    kept: [[5]],
    lastMinute: 0,
  },
  {
    name: 'one actual entry to be not touched with behavior',
    past: [[7, 58]],
    policies: ['P10', '%100'],
    kept: [[7], [5]],
    lastMinute: 7,
  },
  {
    name: 'two entries, one of them to be replaced',
    past: [
      [7, 61],
      [6, 59],
    ],
    policies: ['P10'],
    kept: [[5], [6]],
    lastMinute: 6,
  },
  {
    name: 'replace one entry, use policies with different periods',
    past: [
      [8, 29],
      [6, 59],
      [7, 61],
      [9, 61],
    ],
    policies: ['P10', '%100/30'],
    kept: [[8], [6], [7, 'outdated'], [5]],
    lastMinute: 14,
  },
  {
    name: 'two entries, both actual',
    past: [
      [7, 58],
      [6, 59],
    ],
    policies: ['P10/120', '%100/30'],
    kept: [[7], [6], [5]],
    lastMinute: 13,
  },
];

const REPLICAS = 10;
const CHANGE = 5;

function eventsOf(past: Past): ScaleEvent[] {
  return past.map(([change, secondsAgo]) => ({ change, at: NOW - secondsAgo * SECOND, outdated: false }));
}

/** A bound beyond the count of replicas rescales at once. */
function rescale(direction: 'scaleUp' | 'scaleDown', { past, policies }: Case): HpaResult {
  const bounds =
    direction === 'scaleUp'
      ? { minReplicas: REPLICAS + CHANGE, maxReplicas: 100 }
      : { maxReplicas: REPLICAS - CHANGE };
  const spec = specOf({ ...bounds, behavior: policies && { [direction]: rules(policies) } });
  const state = { ...initialState(), [`${direction}Events`]: eventsOf(past) };
  return reconcile(state, inputsOf(REPLICAS, { spec }), NOW, hpaConfig());
}

function keptOf(events: readonly ScaleEvent[]): (number | 'outdated')[][] {
  return events.map(({ change, outdated }) => (outdated ? [change, 'outdated'] : [change]));
}

describe('TestStoreScaleEvents', () => {
  describe.each(['scaleUp', 'scaleDown'] as const)('%s', (direction) => {
    it.each(CASES)('$name', (test) => {
      expect(changeWithin(eventsOf(test.past), 60, NOW)).toBe(test.lastMinute);
      const { state } = rescale(direction, test);
      const [own, other] =
        direction === 'scaleUp'
          ? [state.scaleUpEvents, state.scaleDownEvents]
          : [state.scaleDownEvents, state.scaleUpEvents];
      expect(keptOf(own)).toEqual(test.kept);
      expect(other).toEqual([]);
    });
  });
});
