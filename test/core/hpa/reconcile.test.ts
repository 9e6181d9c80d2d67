import {
  hpaConfig,
  type HpaInputs,
  type HpaResult,
  type HpaState,
  initialState,
  reconcile,
} from '../../../core/hpa';
import {
  client,
  conditionTexts,
  cpuMetric,
  externalMetric,
  inputsOf,
  NOW,
  podsMetric,
  podsOf,
  proposalsOf,
  samples,
  SECOND,
  specOf,
} from './support';

const config = hpaConfig();
const QPS = specOf({ metrics: [podsMetric('qps', '10')] });

/** One sync with every pod at that many milli-units of the metric `qps`. */
function qps(replicas: number, value: number, overrides: Partial<HpaInputs> = {}): HpaInputs {
  const metrics = client({ pods: { qps: samples(Array<number>(replicas).fill(value)) } });
  return inputsOf(replicas, { spec: QPS, metrics, ...overrides });
}

function once(inputs: HpaInputs, state: HpaState = initialState(), at = NOW): HpaResult {
  return reconcile(state, inputs, at, config);
}

function condition(result: HpaResult, type: string): string | undefined {
  return result.status.conditions.find((entry) => entry.type === type)?.message;
}

describe('a sync that scales', () => {
  const result = once(qps(2, 25_000));

  it('writes the scale and says why', () => {
    expect(result.scaleTo).toBe(4);
    expect(result.rescaleReason).toBe('pods metric qps above target');
    expect(result.labels).toEqual({ action: 'scale_up', error: 'none' });
    expect(result.events).toEqual([
      {
        type: 'Normal',
        reason: 'SuccessfulRescale',
        message: 'New size: 4; reason: pods metric qps above target',
      },
    ]);
  });

  it('writes the status as the API shows it', () => {
    expect(result.statusChanged).toBe(true);
    expect(JSON.parse(JSON.stringify(result.status))).toEqual({
      currentReplicas: 2,
      desiredReplicas: 4,
      lastScaleTime: NOW,
      currentMetrics: [{ type: 'Pods', pods: { metric: { name: 'qps' }, current: { averageValue: '25' } } }],
      conditions: [
        {
          type: 'AbleToScale',
          status: 'True',
          reason: 'SucceededRescale',
          message: 'the HPA controller was able to update the target scale to 4',
          lastTransitionTime: NOW,
        },
        {
          type: 'ScalingActive',
          status: 'True',
          reason: 'ValidMetricFound',
          message: 'the HPA was able to successfully calculate a replica count from pods metric qps',
          lastTransitionTime: NOW,
        },
        {
          type: 'ScalingLimited',
          status: 'True',
          reason: 'ScaleUpLimit',
          message: 'the desired replica count is increasing faster than the maximum scale rate',
          lastTransitionTime: NOW,
        },
      ],
    });
  });

  it('explains what each metric asked for', () => {
    expect(proposalsOf(result)).toEqual([
      { metric: 'pods metric qps', current: '25', target: '10', replicas: 5 },
    ]);
  });

  it('leaves the state it was given as it is', () => {
    const before = initialState();
    once(qps(2, 25_000), before);
    expect(before).toEqual(initialState());
    const after = once(qps(2, 25_000), result.state, NOW + 15 * SECOND);
    expect(result.state.recommendations).toHaveLength(2);
    expect(after.state.recommendations).toHaveLength(3);
  });
});

describe('a sync that has nothing to do', () => {
  const first = once(qps(2, 10_000));
  const second = once(qps(2, 10_000), first.state, NOW + 15 * SECOND);

  it('does not touch the scale', () => {
    expect(second.scaleTo).toBeUndefined();
    expect(second.rescaleReason).toBeUndefined();
    expect(second.labels).toEqual({ action: 'none', error: 'none' });
    expect(second.events).toEqual([]);
    expect(conditionTexts(second)).toEqual([
      'AbleToScale=True/ReadyForNewScale',
      'ScalingActive=True/ValidMetricFound',
      'ScalingLimited=False/DesiredWithinRange',
    ]);
  });

  it('writes the status once only', () => {
    expect(first.statusChanged).toBe(true);
    expect(second.statusChanged).toBe(false);
    expect(once(qps(2, 10_001), second.state, NOW + 30 * SECOND).statusChanged).toBe(true);
  });

  it('keeps the time of a condition until its status flips', () => {
    const limited = once(qps(2, 90_000), second.state, NOW + 30 * SECOND);
    expect(limited.status.conditions.map(({ lastTransitionTime }) => lastTransitionTime - NOW)).toEqual([
      0,
      0,
      30 * SECOND,
    ]);
  });
});

describe('the scale of the target', () => {
  it('may be unreadable', () => {
    const result = once(qps(2, 10_000, { scale: { error: 'deployments.apps "web" not found' } }));
    expect(result.events).toEqual([
      { type: 'Warning', reason: 'FailedGetScale', message: 'deployments.apps "web" not found' },
    ]);
    expect(conditionTexts(result)).toEqual(['AbleToScale=False/FailedGetScale']);
    expect(condition(result, 'AbleToScale')).toBe(
      `the HPA controller was unable to get the target's current scale: deployments.apps "web" not found`,
    );
    expect(result.labels).toEqual({ action: 'none', error: 'internal' });
    expect(result.state.recommendations).toEqual([]);
  });

  it('leaves the rest of the status alone while it is unreadable', () => {
    const before = once(qps(2, 10_000));
    const { status } = once(qps(2, 10_000, { scale: { error: 'timeout' } }), before.state);
    expect(status).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 2,
      currentMetrics: [{ type: 'Pods' }],
    });
  });

  it('cannot be found with an invalid API version', () => {
    const spec = specOf({ scaleTargetRef: { apiVersion: 'a/b/c', kind: 'Deployment', name: 'web' } });
    const result = once(qps(2, 10_000, { spec }));
    expect(result.labels.error).toBe('spec');
    expect(result.events[0]?.message).toBe('unexpected GroupVersion string: a/b/c');
  });

  it('need not name an API version', () => {
    const scaleTargetRef = { kind: 'ReplicationController', name: 'web' };
    const spec = specOf({ scaleTargetRef, metrics: [podsMetric('qps', '10')] });
    expect(once(qps(2, 10_000, { spec })).labels.error).toBe('none');
  });

  it('may refuse the write', () => {
    const before = once(qps(2, 10_000));
    const result = once(qps(2, 25_000, { updateError: 'admission denied' }), before.state, NOW + 15 * SECOND);
    expect(result.scaleTo).toBeUndefined();
    expect(result.rescaleReason).toBe('pods metric qps above target');
    expect(result.events).toEqual([
      {
        type: 'Warning',
        reason: 'FailedRescale',
        message: 'New size: 4; reason: pods metric qps above target; error: admission denied',
      },
    ]);
    expect(condition(result, 'AbleToScale')).toBe(
      'the HPA controller was unable to update the target scale: admission denied',
    );
    expect(result.labels).toEqual({ action: 'none', error: 'internal' });
    expect(result.status).toMatchObject({ currentReplicas: 2, desiredReplicas: 2, lastScaleTime: undefined });
    expect(result.state.scaleUpEvents).toEqual([]);
  });
});

describe('the selector of the scale', () => {
  function withSelector(
    selector: string,
    overrides: Partial<HpaInputs> = {},
    kubernetes = '1.36',
  ): HpaResult {
    const scale = { specReplicas: 2, statusReplicas: 2, selector };
    return reconcile(initialState(), qps(2, 10_000, { scale, ...overrides }), NOW, hpaConfig({ kubernetes }));
  }

  it('is required', () => {
    const result = withSelector('');
    expect(result.events).toEqual([
      { type: 'Warning', reason: 'SelectorRequired', message: 'selector is required' },
      { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message: 'selector is required' },
    ]);
    expect(conditionTexts(result)).toContain('ScalingActive=False/InvalidSelector');
    expect(condition(result, 'ScalingActive')).toBe("the HPA target's scale is missing a selector");
    expect(result.labels).toEqual({ action: 'none', error: 'internal' });
  });

  it('has to be readable', () => {
    const result = withSelector('a in b');
    expect(result.events.map(({ reason }) => reason)).toEqual([
      'InvalidSelector',
      'FailedComputeMetricsReplicas',
    ]);
    expect(condition(result, 'ScalingActive')).toMatch(
      /^couldn't convert selector into a corresponding internal selector object: /,
    );
  });

  it.each([
    [
      '1.36',
      'pods by selector app=web are controlled by multiple HPAs: [{web default} {b default} {c default}]',
    ],
    [
      '1.37',
      'pods by selector app=web are controlled by more than one HPA (e.g. [{web default} {b default}])',
    ],
  ])('must not match the pods of another autoscaler (%s)', (kubernetes, message) => {
    const result = withSelector('app=web', { otherHpas: ['b', 'c'] }, kubernetes);
    expect(result.events[0]).toEqual({ type: 'Warning', reason: 'AmbiguousSelector', message });
    expect(conditionTexts(result)).toContain('ScalingActive=False/AmbiguousSelector');
    expect(result.status.currentMetrics).toEqual([]);
  });

  it('may be shared with nobody', () => {
    expect(withSelector('app=web', { otherHpas: [] }).events).toEqual([]);
  });
});

describe('metrics that fail', () => {
  const spec = specOf({ metrics: [podsMetric('a', '10'), podsMetric('b', '10'), cpuMetric(50)] });
  const fine = samples([10_000, 10_000]);

  function withMetrics(metrics: Parameters<typeof client>[0]): HpaResult {
    return once(inputsOf(2, { spec, metrics: client(metrics) }));
  }

  it('each have an event, and the first one gives the reason', () => {
    const result = withMetrics({ pods: { b: { error: 'boom' } } });
    const wrapped = 'unable to get metric a: no metrics returned from custom metrics API';
    expect(result.events.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      `FailedGetPodsMetric: ${wrapped}`,
      'FailedGetPodsMetric: unable to get metric b: boom',
      'FailedGetResourceMetric: failed to get cpu utilization: unable to get metrics for resource cpu: ' +
        'no metrics returned from resource metrics API',
      'FailedComputeMetricsReplicas: invalid metrics (3 invalid out of 3), first error is: ' +
        `failed to get pods metric value: ${wrapped}`,
    ]);
    expect(condition(result, 'ScalingActive')).toBe(
      `the HPA was unable to compute the replica count: ${wrapped}`,
    );
    expect(conditionTexts(result)).toContain('ScalingActive=False/FailedGetPodsMetric');
    expect(result.status.currentMetrics).toEqual([{ type: '' }, { type: '' }, { type: '' }]);
    expect(proposalsOf(result)[0]).toEqual({
      metric: 'pods metric a',
      current: '<unknown>',
      target: '10',
      error: wrapped,
    });
  });

  it('do not keep the others from scaling up, though the sync counts as failed', () => {
    const result = withMetrics({ pods: { a: fine, b: samples([30_000, 30_000]) } });
    expect(result.scaleTo).toBe(4);
    expect(result.labels).toEqual({ action: 'scale_up', error: 'internal' });
    expect(result.status.currentMetrics.map(({ type }) => type)).toEqual(['Pods', 'Pods', '']);
    expect(result.events.map(({ reason }) => reason)).toEqual([
      'FailedGetResourceMetric',
      'SuccessfulRescale',
    ]);
  });
});

describe('a replica count outside the bounds', () => {
  it.each([
    [12, 10, 'Current number of replicas above Spec.MaxReplicas'],
    [1, 2, 'Current number of replicas below Spec.MinReplicas'],
  ])('%d goes to %d at once, without metrics', (replicas, expected, reason) => {
    const spec = specOf({ minReplicas: 2, metrics: [podsMetric('qps', '10')], behavior: {} });
    const before = once(qps(3, 10_000, { spec })).state;
    const result = once(qps(replicas, 10_000, { spec }), before, NOW + 15 * SECOND);
    expect(result.scaleTo).toBe(expected);
    expect(result.rescaleReason).toBe(reason);
    expect(result.status.currentMetrics).toEqual([]);
    expect(proposalsOf(result)).toEqual([]);
    expect(result.state.recommendations).toEqual(before.recommendations);
    const { scaleUpEvents, scaleDownEvents } = result.state;
    expect([...scaleUpEvents, ...scaleDownEvents]).toMatchObject([{ change: Math.abs(expected - replicas) }]);
  });
});

describe('zero replicas', () => {
  const byLag = { metrics: [externalMetric('lag', { type: 'AverageValue', averageValue: '10' })] };

  function lag(replicas: number, value: number, minReplicas: number, metrics = byLag): HpaInputs {
    return inputsOf(replicas, {
      spec: specOf({ minReplicas, ...metrics }),
      metrics: client({ external: { lag: [value] }, pods: { qps: samples([1000]) } }),
      pods: podsOf(replicas),
    });
  }

  /** An autoscaler that scaled to zero itself. */
  function scaledToZero(kubernetes: string): HpaState {
    const options = hpaConfig({
      kubernetes,
      downscaleStabilization: 0,
      featureGates: { HPAScaleToZero: true },
    });
    const { state, scaleTo } = reconcile(
      reconcile(initialState(), lag(1, 0, 0), NOW, options).state,
      lag(1, 0, 0),
      NOW + 1,
      options,
    );
    expect(scaleTo).toBe(0);
    return state;
  }

  const gated = hpaConfig({ featureGates: { HPAScaleToZero: true }, downscaleStabilization: 0 });

  it('disable scaling if somebody else put them there', () => {
    for (const minReplicas of [0, 1]) {
      const result = reconcile(initialState(), lag(0, 50_000, minReplicas), NOW, gated);
      expect(conditionTexts(result)).toEqual([
        'AbleToScale=True/SucceededGetScale',
        'ScalingActive=False/ScalingDisabled',
      ]);
      expect(condition(result, 'ScalingActive')).toBe(
        'scaling is disabled since the replica count of the target is zero',
      );
      expect(result.scaleTo).toBeUndefined();
      expect(result.labels).toEqual({ action: 'none', error: 'none' });
      expect(result.status).toMatchObject({ currentReplicas: 0, desiredReplicas: 0 });
    }
  });

  it('are left again if the controller put them there', () => {
    const state = scaledToZero('1.36');
    expect(state.status.conditions.at(-1)).toMatchObject({ type: 'ScaledToZero', status: 'True' });
    expect(reconcile(state, lag(0, 0, 0), NOW + 2, gated).scaleTo).toBeUndefined();
    const result = reconcile(state, lag(0, 25_000, 0), NOW + 2, gated);
    expect(result.scaleTo).toBe(3);
    expect(conditionTexts(result)).toContain('ScaledToZero=False/NotScaledToZero');
  });

  it('obey a minimum that was raised since, also without the metric that allowed them', () => {
    const state = scaledToZero('1.36');
    const spec = { metrics: [podsMetric('qps', '10')], behavior: {} };
    const inputs = { ...lag(0, 0, 2, spec), pods: podsOf(1) };
    const result = reconcile(state, inputs, NOW + 2, gated);
    expect(result.scaleTo).toBe(2);
    expect(result.rescaleReason).toBe('pods metric qps above target');
    const idle = reconcile(state, lag(0, 0, 2, { ...byLag, ...{ behavior: {} } }), NOW + 2, gated);
    expect(idle.rescaleReason).toBe('Current number of replicas below Spec.MinReplicas');
  });

  it('stay without a metric that can leave them', () => {
    const state = scaledToZero('1.36');
    const inputs = lag(0, 50_000, 0, { metrics: [podsMetric('qps', '10')] });
    expect(conditionTexts(reconcile(state, inputs, NOW + 2, gated))).toContain(
      'ScalingActive=False/ScalingDisabled',
    );
  });

  it('are forgotten when the feature gate is switched off', () => {
    const state = scaledToZero('1.36');
    const disabled = reconcile(state, lag(0, 50_000, 0), NOW + 2, config);
    expect(conditionTexts(disabled).join()).not.toContain('ScaledToZero');
    const rescaled = reconcile(state, lag(1, 50_000, 2), NOW + 2, config);
    expect(rescaled.scaleTo).toBe(2);
    expect(conditionTexts(rescaled).join()).not.toContain('ScaledToZero');
  });

  it('are left up to 1.35 whenever the minimum is zero', () => {
    const state = scaledToZero('1.35');
    expect(state.status.conditions.map(({ type }) => type)).not.toContain('ScaledToZero');
    const old = hpaConfig({ kubernetes: '1.35', downscaleStabilization: 0 });
    expect(reconcile(state, lag(0, 25_000, 0), NOW + 2, old).scaleTo).toBe(3);
    expect(reconcile(state, lag(0, 25_000, 1), NOW + 2, old).scaleTo).toBeUndefined();
  });
});
