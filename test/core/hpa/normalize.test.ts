import { limitByPolicies } from '../../../core/hpa/controller/normalize-behavior';
import { limitLegacy } from '../../../core/hpa/controller/normalize-legacy';
import { changeWithin, type ScaleEvent, storeScaleEvent } from '../../../core/hpa/controller/scale-events';
import { behaviorOf, NOW, rules, SECOND } from './support';

// What upstream tests of limits, stabilization and events is in upstream/.

it('the limit without behavior is four at least', () => {
  expect(limitLegacy(1, 1000, { min: 1, max: 2000 })).toEqual({ replicas: 4, reason: 'ScaleUpLimit' });
});

describe('limits of policies', () => {
  it.each([
    ['a disabled scale-up', { scaleUp: rules(['P4'], 'Disabled') }, 6, 24, 6, 'ScaleUpLimit'],
    ['a scale-up within its limit', { scaleUp: rules(['P4']) }, 6, 8, 8, 'DesiredWithinRange'],
    ['a disabled scale-down', { scaleDown: rules(['P5'], 'Disabled') }, 10, 2, 10, 'ScaleDownLimit'],
    ['a scale-down without limit', { scaleDown: rules(['%1000']) }, 10, 5, 5, 'DesiredWithinRange'],
    ['nothing to do', {}, 10, 10, 10, 'DesiredWithinRange'],
  ])('%s', (_name, behavior, current, desired, replicas, reason) => {
    const none = { scaleUpEvents: [], scaleDownEvents: [] };
    const bounds = { min: 1, max: 1000 };
    expect(limitByPolicies(current, desired, bounds, behaviorOf(behavior), none, NOW)).toEqual({
      replicas,
      reason,
    });
  });
});

describe('the store of scale events', () => {
  function events(...list: readonly (readonly [change: number, secondsAgo: number])[]): ScaleEvent[] {
    return list.map(([change, secondsAgo]) => ({ change, at: NOW - secondsAgo * SECOND, outdated: false }));
  }

  it('leaves the events it was given as they are', () => {
    const { scaleUp } = behaviorOf({ scaleUp: rules(['P1/60']) });
    const past = events([8, 29], [6, 59], [7, 61], [9, 61]);
    expect(storeScaleEvent(past, 5, scaleUp, NOW)).toHaveLength(4);
    expect(past).toEqual(events([8, 29], [6, 59], [7, 61], [9, 61]));
  });

  it('sums the changes of a period, whose oldest moment is not part of it', () => {
    const past = events([8, 29], [6, 59], [7, 60], [9, 61]);
    expect(changeWithin(past, 60, NOW)).toBe(14);
    expect(changeWithin(past, 61, NOW)).toBe(21);
  });
});
