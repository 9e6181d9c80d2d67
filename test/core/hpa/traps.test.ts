import {
  hpaConfig,
  type HpaInputs,
  type HpaResult,
  type HpaState,
  initialState,
  type Nanoseconds,
  reconcile,
} from '../../../core/hpa';
import {
  client,
  ClosedLoop,
  conditionTexts,
  cpuMetric,
  externalMetric,
  inputsOf,
  MINUTE,
  NOW,
  objectMetric,
  pod,
  podsMetric,
  podsOf,
  proposalsOf,
  samples,
  SECOND,
  specOf,
} from './support';

const QPS = { metrics: [podsMetric('qps', '10')] };

function sync(
  inputs: HpaInputs,
  state: HpaState = initialState(),
  now = NOW,
  kubernetes = '1.36',
): HpaResult {
  return reconcile(state, inputs, now, hpaConfig({ kubernetes }));
}

/** Every pod at that many milli-units of `qps`. */
function qps(replicas: number, value: number, spec: object = {}): HpaInputs {
  const metrics = client({ pods: { qps: samples(Array<number>(replicas).fill(value)) } });
  return inputsOf(replicas, { spec: specOf({ maxReplicas: 100, ...QPS, ...spec }), metrics });
}

describe('traps of the algorithm', () => {
  it('1: an empty behavior is not the same as none', () => {
    const limits = (spec: object): (number | undefined)[] =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((replicas) => sync(qps(replicas, 1_000_000, spec)).scaleTo);
    expect(limits({})).toEqual([4, 4, 6, 8, 10, 12, 14, 16]);
    expect(limits({ behavior: {} })).toEqual([5, 6, 7, 8, 10, 12, 14, 16]);
  });

  it('2: specified, actual and ready replicas each have their place', () => {
    const scale = { specReplicas: 2, statusReplicas: 3, selector: 'app=web' };
    const pods = [...podsOf(3), pod('late', { ready: { status: 'False', since: 0 } })];
    const desired = (target: object, total: number): number =>
      sync(
        inputsOf(2, {
          scale,
          pods,
          spec: specOf({ metrics: [objectMetric(target)] }),
          metrics: client({ object: total }),
        }),
      ).status.desiredReplicas;
    const average = { type: 'AverageValue', averageValue: '1' };
    // Within tolerance an average keeps status.replicas, and so writes the scale.
    expect(desired(average, 3000)).toBe(3);
    expect(desired({ type: 'Value', value: '3' }, 3000)).toBe(2);
    expect(desired({ type: 'Value', value: '3' }, 4000)).toBe(4);
  });

  it('3: outside the bounds there is neither metric nor rate limit, but a scale event', () => {
    const spec = { maxReplicas: 3, behavior: { scaleDown: { selectPolicy: 'Disabled' } } };
    const result = sync(qps(50, 1_000_000, spec));
    expect(result.scaleTo).toBe(3);
    expect(result.status.currentMetrics).toEqual([]);
    expect(result.state.recommendations).toHaveLength(1);
    expect(result.state.scaleDownEvents).toMatchObject([{ change: 47 }]);
  });

  it('4: the first sync remembers the current count, later ones do not', () => {
    const first = sync(qps(5, 0));
    expect(first.scaleTo).toBeUndefined();
    expect(conditionTexts(first)).toContain('AbleToScale=True/ScaleDownStabilized');
    // Scaled by hand: eight was never recommended, five was.
    expect(sync(qps(8, 0), first.state, NOW + 15 * SECOND).scaleTo).toBe(5);
  });

  describe('5: a metric that fails', () => {
    const spec = specOf({ metrics: [podsMetric('missing', '10'), podsMetric('qps', '10')] });
    const partial = (value: number): HpaResult =>
      sync(inputsOf(2, { spec, metrics: client({ pods: { qps: samples([value, value]) } }) }));

    it('blocks scaling down, without a recommendation', () => {
      const result = partial(1000);
      expect(conditionTexts(result)).toEqual([
        'AbleToScale=True/SucceededGetScale',
        'ScalingActive=False/FailedGetPodsMetric',
      ]);
      expect(result.state.recommendations).toHaveLength(1);
      expect(result.status.desiredReplicas).toBe(0);
    });

    it('lets an unchanged count proceed', () => {
      const result = partial(10_000);
      expect(conditionTexts(result)).toContain('ScalingActive=True/ValidMetricFound');
      expect(result.labels).toEqual({ action: 'none', error: 'internal' });
      expect(result.status.desiredReplicas).toBe(2);
    });

    it('does not stop scaling up', () => {
      expect(partial(15_000).scaleTo).toBe(3);
    });
  });

  it('6: a utilization is a whole percent before it becomes a ratio', () => {
    const spec = specOf({ metrics: [cpuMetric(50)] });
    const desired = (value: number): number =>
      sync(inputsOf(1, { spec, metrics: client({ resource: samples([value]) }) })).status.desiredReplicas;
    // 55.95 % counts as 55 %, within tolerance; 56 % does not.
    expect(desired(1119)).toBe(1);
    expect(desired(1120)).toBe(2);
    const average = sync(
      inputsOf(3, { spec: specOf(QPS), metrics: client({ pods: { qps: samples([1, 2, 2]) } }) }),
    );
    expect(proposalsOf(average)[0]?.current).toBe('1m');
  });

  it('7: a ratio of exactly 1.1 is within tolerance since 1.33, and 0.9 always was', () => {
    const spec = specOf({ metrics: [cpuMetric(50)] });
    const desired = (percent: number, kubernetes: string): number => {
      const metrics = client({ resource: samples(Array<number>(20).fill(percent * 20)) });
      const inputs = inputsOf(20, { spec: { ...spec, maxReplicas: 100 }, metrics });
      return proposalsOf(sync(inputs, initialState(), NOW, kubernetes))[0]?.replicas ?? -1;
    };
    expect([desired(55, '1.33'), desired(55, '1.32')]).toEqual([20, 22]);
    expect([desired(45, '1.33'), desired(45, '1.32')]).toEqual([20, 20]);
  });

  it('7: tolerance is asked a second time after pods were filled in', () => {
    // 1.5 over two pods becomes 1.0 over three.
    const metrics = client({ pods: { qps: samples([15_000, 15_000]) } });
    expect(sync(inputsOf(3, { spec: specOf(QPS), metrics })).status.desiredReplicas).toBe(3);
  });

  it('8: at a ratio of exactly one, missing pods are not filled in', () => {
    const metrics = client({ pods: { qps: samples([10_000]) } });
    expect(proposalsOf(sync(inputsOf(2, { spec: specOf(QPS), metrics })))[0]?.replicas).toBe(2);
  });

  it('8: samples of unknown pods count once pods are filled in', () => {
    const values = [40_000, undefined, 40_000, 40_000];
    const metrics = client({ pods: { qps: samples(values) } });
    // Average 30 over four entries, although two pods are listed.
    const result = sync(inputsOf(2, { spec: specOf({ ...QPS, maxReplicas: 50 }), metrics }));
    expect(proposalsOf(result)[0]?.replicas).toBe(12);
  });

  it('9: a missing request on any listed pod, even a failed one, fails the metric', () => {
    const pods = [...podsOf(1), pod('dead', { phase: 'Failed', containers: [{ name: 'app' }] })];
    const result = sync(inputsOf(1, { pods, metrics: client({ resource: samples([100]) }) }));
    expect(result.events[0]?.message).toBe(
      'failed to get cpu utilization: missing request for cpu in container app of Pod dead',
    );
  });

  describe('10: the oldest moment of a window', () => {
    const after = (time: Nanoseconds, spec: object): number | undefined => {
      const high = sync(qps(4, 10_000, spec)).state;
      return sync(qps(4, 1000, spec), high, NOW + time).scaleTo;
    };

    it('belongs to it without behavior', () => {
      expect([after(5 * MINUTE, {}), after(5 * MINUTE + 1, {})]).toEqual([undefined, 1]);
    });

    it('does not belong to it with behavior', () => {
      const spec = { behavior: {} };
      expect([after(5 * MINUTE - 1, spec), after(5 * MINUTE, spec)]).toEqual([undefined, 1]);
    });

    it('does not belong to the period of a policy', () => {
      const policies = [{ type: 'Pods', value: 2, periodSeconds: 60 }];
      const spec = { behavior: { scaleUp: { policies } } };
      const scaled = sync(qps(2, 90_000, spec));
      expect(scaled.scaleTo).toBe(4);
      expect(sync(qps(4, 90_000, spec), scaled.state, NOW + MINUTE - 1).scaleTo).toBeUndefined();
      expect(sync(qps(4, 90_000, spec), scaled.state, NOW + MINUTE).scaleTo).toBe(6);
    });
  });

  it('11: an event is overwritten by the periods of its own direction, though the other one still needs it', () => {
    const spec = {
      behavior: {
        scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }] },
        scaleDown: {
          stabilizationWindowSeconds: 0,
          policies: [{ type: 'Pods', value: 3, periodSeconds: 600 }],
        },
      },
    };
    const first = sync(qps(10, 90_000, spec));
    const second = sync(qps(11, 90_000, spec), first.state, NOW + MINUTE);
    expect(second.state.scaleUpEvents).toHaveLength(1);
    // Twelve less the one remembered addition, less three; with both remembered it would be seven.
    expect(sync(qps(12, 0, spec), second.state, NOW + 100 * SECOND).scaleTo).toBe(8);
  });

  it('12: percentages are floating-point: added ones round up, removed ones too', () => {
    const policies = (value: number): object => [{ type: 'Percent', value, periodSeconds: 15 }];
    const up = (replicas: number): number | undefined =>
      sync(qps(replicas, 1_000_000, { maxReplicas: 1000, behavior: { scaleUp: { policies: policies(10) } } }))
        .scaleTo;
    expect([up(50), up(100), up(1)]).toEqual([56, 111, 2]);
    const down = (replicas: number, value: number): number | undefined => {
      const scaleDown = { stabilizationWindowSeconds: 0, policies: policies(value) };
      return sync(qps(replicas, 10, { behavior: { scaleDown } })).scaleTo;
    };
    expect([down(10, 10), down(9, 10), down(10, 80), down(10, 90)]).toEqual([9, 8, 1, 1]);
  });

  it('12: a disabled direction keeps the count', () => {
    const behavior = { scaleUp: { selectPolicy: 'Disabled' } };
    const result = sync(qps(3, 90_000, { behavior }));
    expect(result.scaleTo).toBeUndefined();
    expect(conditionTexts(result)).toContain('ScalingLimited=True/ScaleUpLimit');
  });

  it('13: the status shows usage before pods were filled in, and averages rounded up', () => {
    const spec = specOf({
      metrics: [cpuMetric(50), externalMetric('lag', { type: 'AverageValue', averageValue: '1' })],
    });
    const metrics = client({ resource: samples([3000]), external: { lag: [10] } });
    const proposals = proposalsOf(sync(inputsOf(3, { spec, metrics })));
    expect(proposals.map(({ current }) => current)).toEqual(['150%', '4m']);
  });

  it('14: of equal proposals the first metric is named, after zeros the last', () => {
    const named = (...values: number[]): string => {
      const names = values.map((_value, index) => `m${index}`);
      const pods = Object.fromEntries(names.map((name, index) => [name, samples([values[index]])]));
      const spec = specOf({ metrics: names.map((name) => podsMetric(name, '10')) });
      const { status } = sync(inputsOf(1, { spec, metrics: client({ pods }) }));
      return status.conditions.find(({ type }) => type === 'ScalingActive')?.message ?? '';
    };
    expect(named(20_000, 20_000)).toMatch(/pods metric m0$/);
    expect(named(20_000, 30_000, 30_000)).toMatch(/pods metric m1$/);
    expect(named(0, 0)).toMatch(/pods metric m1$/);
  });

  it('15: readiness counts for CPU only, Unknown is not False, and no condition is not ready', () => {
    const fresh = (ready: 'False' | 'Unknown' | undefined): string => {
      const overrides = {
        ready: ready && { status: ready, since: NOW - 2 * MINUTE },
        startTime: NOW - 3 * MINUTE,
      };
      const pods = podsOf(1, { 0: overrides });
      const spec = specOf({ metrics: [cpuMetric(50), podsMetric('qps', '10')] });
      const metrics = client({ resource: samples([1000]), pods: { qps: samples([10_000]) } });
      return proposalsOf(sync(inputsOf(1, { spec, pods, metrics })))
        .map(({ replicas }) => replicas ?? 'failed')
        .join();
    };
    expect([fresh('Unknown'), fresh('False'), fresh(undefined)]).toEqual(['1,1', 'failed,1', 'failed,1']);
  });

  it('16: with default policies each sync of the default period may double again', () => {
    const loop = new ClosedLoop(specOf({ ...QPS, maxReplicas: 100, behavior: {} }), 8, (replicas) => ({
      pods: { qps: samples(Array<number>(replicas).fill(1_000_000)) },
    }));
    expect(loop.run(0, 45 * SECOND)).toEqual([16, 32, 64, 100]);
  });

  it('17: memory is not rounded to a double', () => {
    const gigabytes = 20_000_000_000_000n;
    const spec = specOf({
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '20G' } },
        },
      ],
    });
    const metrics = client({ resource: samples([gigabytes * 1000n + 1n, gigabytes * 1000n + 2n]) });
    const [status] = sync(inputsOf(2, { spec, metrics })).status.currentMetrics;
    const expected = { averageValue: '20000000000000001m' };
    expect(JSON.parse(JSON.stringify(status))).toMatchObject({ resource: { current: expected } });
  });

  it('18: events are remembered only with behavior, and only for rescales of its own', () => {
    expect(sync(qps(2, 20_000)).state.scaleUpEvents).toEqual([]);
    const spec = { behavior: { scaleUp: { policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] } } };
    const idle = sync(qps(2, 10_000, spec));
    // From two to six by hand.
    const scaled = sync(qps(6, 90_000, spec), idle.state, NOW + 15 * SECOND);
    expect(scaled.scaleTo).toBe(8);
    expect(scaled.state.scaleUpEvents).toMatchObject([{ change: 2 }]);
  });

  it('19: without behavior an old peak keeps scaling up, with behavior it does not', () => {
    const afterSpike = (behavior: object): number[] => {
      const loop = new ClosedLoop(specOf({ ...QPS, maxReplicas: 100, ...behavior }), 2, (replicas, now) => ({
        pods: { qps: samples(Array<number>(replicas).fill(now === 0 ? 100_000 : 0)) },
      }));
      return loop.run(0, 75 * SECOND);
    };
    expect(afterSpike({})).toEqual([4, 8, 16, 20, 20, 20]);
    expect(afterSpike({ behavior: {} })).toEqual([6, 6, 6, 6, 6, 6]);
  });

  it('20: that the controller scaled to zero itself is part of its state', () => {
    const spec = specOf({
      minReplicas: 0,
      metrics: [externalMetric('lag', { type: 'AverageValue', averageValue: '1' })],
      behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
    });
    const gated = hpaConfig({ kubernetes: '1.37' });
    const lag = (replicas: number, value: number): HpaInputs =>
      inputsOf(replicas, { spec, metrics: client({ external: { lag: [value] } }) });
    const down = reconcile(initialState(), lag(2, 0), NOW, gated);
    expect(down.scaleTo).toBe(0);
    expect(reconcile(down.state, lag(0, 2000), NOW + 15 * SECOND, gated).scaleTo).toBe(2);
    expect(reconcile(initialState(), lag(0, 2000), NOW + 15 * SECOND, gated).scaleTo).toBeUndefined();
  });
});

describe('what a report can rely on', () => {
  it('a state survives a change of the spec', () => {
    const before = sync(qps(4, 10_000));
    const after = sync(qps(4, 1000, { metrics: [podsMetric('qps', '20')] }), before.state, NOW + 15 * SECOND);
    expect(after.scaleTo).toBeUndefined();
    expect(conditionTexts(after)).toContain('AbleToScale=True/ScaleDownStabilized');
  });
});
