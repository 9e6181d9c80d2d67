import type { Condition, Decision, LinkProblem } from '../../core/model';
import {
  interruptionsOf,
  isTrouble,
  periodText,
  sizeAfter,
  tellingEvents,
  untoldConditions,
} from '../../report/timeline-text';
import { settled } from './fixture';

const condition = (type: string, status: string, reason = 'Any'): Condition => ({
  type,
  status,
  reason,
  message: '',
});

describe('what a report says', () => {
  it.each([
    [10_000, 900_000, '10s to 15m'],
    [10_000, 10_400, 'at 10s'],
  ])('gives the period from %i to %i', (firstMs, lastMs, text) => {
    const object = { apiVersion: 'v1', kind: 'Pod', name: 'a' };
    expect(periodText({ link: 'scrape', object, message: '', firstMs, lastMs })).toBe(text);
  });

  it.each([
    ['ScalingActive', 'False', true],
    ['ScalingActive', 'True', false],
    ['ScalingLimited', 'True', true],
    ['ScalingLimited', 'False', false],
  ])('takes %s=%s for trouble: %s', (type, status, trouble) => {
    expect(isTrouble(condition(type, status))).toBe(trouble);
  });

  it('leaves out conditions that an event tells already', () => {
    const told = condition('ScalingActive', 'False', 'FailedGetPodsMetric');
    const untold = condition('AbleToScale', 'True', 'SucceededGetScale');
    const decision: Decision = {
      atMs: 0,
      from: 1,
      events: [{ type: 'Warning', reason: 'FailedGetPodsMetric', message: '' }],
      changed: [told, untold],
    };
    expect(untoldConditions(decision)).toEqual([untold]);
  });

  it('leaves out events that repeat another in more words', () => {
    const event = (message: string) => ({ type: 'Warning', reason: 'Any', message });
    const events = [
      event('no metrics returned'),
      event('invalid metrics, first error is: no metrics returned'),
    ];
    expect(tellingEvents({ atMs: 0, from: 1, events, changed: [] })).toEqual([events[0]]);
  });

  it('tells what stopped several links at once once, and apart from what lasts', () => {
    const problem = (name: string, lastMs: number): LinkProblem => ({
      link: 'adapter',
      object: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace: 'shop', name },
      message: 'not registered',
      firstMs: 15_000,
      lastMs,
    });
    const problems = [problem('a', 75_000), problem('b', 75_000), problem('c', settled.durationMs)];
    const told = { link: 'adapter', message: 'not registered' };
    expect(interruptionsOf({ ...settled, problems })).toEqual({
      lasting: [{ ...told, objects: 'HorizontalPodAutoscaler shop/c', period: '15s to 15m' }],
      over: [
        {
          ...told,
          objects: 'HorizontalPodAutoscaler shop/a, HorizontalPodAutoscaler shop/b',
          period: '15s to 1m15s',
        },
      ],
      overBy: '1m15s',
    });
  });

  it('takes the size from what is desired, or from what was read while nothing is desired', () => {
    const syncs = { atMs: [15, 30], replicas: [2, 2], desired: [0, 5] };
    expect([0, 15, 40].map((at) => sizeAfter(syncs, at))).toEqual([undefined, 2, 5]);
  });
});
