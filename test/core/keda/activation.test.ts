import { requestScale, type Activity } from '../../../core/keda';
import { scaledObject } from './support';

const ACTIVE: Activity = { active: true, failed: false, metrics: ['s0-prometheus', 's1-prometheus'] };
const IDLE: Activity = { active: false, failed: false, metrics: [] };
const FAILED: Activity = { active: false, failed: true, metrics: [] };

describe('a ScaledObject that may go to zero', () => {
  const zero = scaledObject({ cooldownPeriod: 60 });

  it('wakes up', () => {
    expect(requestScale(zero, {}, ACTIVE, 0, 61_900)).toEqual({
      state: { lastActiveMs: 61_000 },
      scaleTo: 1,
      event: {
        reason: 'KEDAScaleTargetActivated',
        message: 'Scaled apps/v1.Deployment shop/api from 0 to 1, triggered by s0-prometheus;s1-prometheus',
      },
    });
  });

  it('remembers when it was active, in whole seconds, and leaves the size to the autoscaler', () => {
    expect(requestScale(zero, {}, ACTIVE, 4, 61_900)).toEqual({ state: { lastActiveMs: 61_000 } });
    expect(requestScale(zero, {}, { ...ACTIVE, failed: true }, 4, 61_900)).toEqual({ state: {} });
  });

  it.each([
    [121_000, undefined],
    [121_001, 0],
  ])('at %i ms, after 60 s of cooldown since 61 s, is scaled to %s', (nowMs, scaleTo) => {
    expect(requestScale(zero, { lastActiveMs: 61_000 }, IDLE, 4, nowMs).scaleTo).toBe(scaleTo);
  });

  it('that never was active waits for the initial cooldown only', () => {
    expect(requestScale(zero, {}, IDLE, 1, 1000).scaleTo).toBe(0);
    const initial = scaledObject({ initialCooldownPeriod: 120 });
    expect(requestScale(initial, {}, IDLE, 1, 120_000).scaleTo).toBeUndefined();
    expect(requestScale(initial, {}, IDLE, 1, 120_001).scaleTo).toBe(0);
  });

  it('stays as it is while triggers fail', () => {
    expect(requestScale(zero, { lastActiveMs: 0 }, FAILED, 4, 1_000_000)).toEqual({
      state: { lastActiveMs: 0 },
    });
  });

  it('stays at zero', () => {
    expect(requestScale(zero, {}, IDLE, 0, 1_000_000)).toEqual({ state: {} });
  });

  it('obeys its annotations', () => {
    const annotated = (name: string) =>
      scaledObject({}, { annotations: { [`autoscaling.keda.sh/${name}`]: 'true' } });
    expect(requestScale(annotated('paused-scale-in'), {}, IDLE, 4, 1_000_000).scaleTo).toBeUndefined();
    expect(requestScale(annotated('paused-scale-out'), {}, ACTIVE, 0, 1_000_000).scaleTo).toBeUndefined();
    expect(requestScale(annotated('force-activation'), {}, IDLE, 0, 1_000_000).event?.message).toContain(
      'caused by forced activation annotation',
    );
  });
});

describe('a ScaledObject with a least size', () => {
  it('is never taken down by KEDA, but lifted up to it', () => {
    const two = scaledObject({ minReplicaCount: 2 });
    expect(requestScale(two, {}, IDLE, 5, 1_000_000).scaleTo).toBeUndefined();
    expect(requestScale(two, {}, IDLE, 1, 1_000_000).scaleTo).toBe(2);
    expect(requestScale(two, {}, ACTIVE, 0, 1_000_000).scaleTo).toBe(2);
  });

  it('goes to its idle size, and back', () => {
    const idle = scaledObject({ minReplicaCount: 3, idleReplicaCount: 0 });
    expect(requestScale(idle, { lastActiveMs: 0 }, IDLE, 5, 300_001).scaleTo).toBe(0);
    expect(requestScale(idle, {}, ACTIVE, 1, 1000).scaleTo).toBe(3);
    expect(requestScale(idle, {}, ACTIVE, 3, 1000).scaleTo).toBeUndefined();
  });
});
