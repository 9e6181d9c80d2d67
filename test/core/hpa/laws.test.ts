import fc from 'fast-check';
import { hpaConfig, initialState, reconcile } from '../../../core/hpa';
import { plainReplicas } from '../../../core/hpa/controller/per-pod-replicas';
import { client, inputsOf, NOW, podsMetric, podsOf, samples, SECOND, specOf, viewOf } from './support';

const config = hpaConfig();
const count = fc.integer({ min: 1, max: 60 });
const load = fc.integer({ min: 0, max: 2_000_000 });

function proposed(replicas: number, values: readonly number[], target: number): number {
  const proposal = plainReplicas(samples(values), '', target, viewOf(podsOf(replicas), replicas, config));
  if ('error' in proposal) throw new Error(proposal.error);
  return proposal.replicas;
}

describe('laws of the algorithm, all pods ready and measured', () => {
  it('scaling up adds at least one replica', () => {
    fc.assert(
      fc.property(count, load, fc.integer({ min: 1, max: 100_000 }), (replicas, value, target) => {
        fc.pre(value / target > 1.1);
        expect(proposed(replicas, Array<number>(replicas).fill(value), target)).toBeGreaterThan(replicas);
      }),
    );
  });

  it('scaling down removes one only if that many fewer can carry the load', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 0, max: 1000 }), (replicas, value) => {
        const result = proposed(replicas, Array<number>(replicas).fill(value), 1000);
        expect(result < replicas).toBe(value / 1000 < 0.9 && (value / 1000) * replicas <= replicas - 1);
      }),
    );
  });

  it('more load never means fewer replicas', () => {
    fc.assert(
      fc.property(count, load, load, (replicas, one, other) => {
        const at = (value: number): number => proposed(replicas, Array<number>(replicas).fill(value), 1000);
        expect(at(Math.max(one, other))).toBeGreaterThanOrEqual(at(Math.min(one, other)));
      }),
    );
  });
});

describe('laws of a reconcile', () => {
  const behaviors = fc.constantFrom<object>(
    {},
    { behavior: {} },
    {
      behavior: { scaleUp: { stabilizationWindowSeconds: 60 }, scaleDown: { stabilizationWindowSeconds: 0 } },
    },
    { behavior: { scaleDown: { policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] } } },
  );

  it('the count stays between minimum and maximum once it is there', () => {
    fc.assert(
      fc.property(behaviors, fc.array(load, { minLength: 1, maxLength: 40 }), (behavior, loads) => {
        const spec = specOf({
          minReplicas: 2,
          maxReplicas: 9,
          metrics: [podsMetric('qps', '10')],
          ...behavior,
        });
        let state = initialState();
        let replicas = 4;
        loads.forEach((value, index) => {
          const metrics = client({ pods: { qps: samples(Array<number>(replicas).fill(value)) } });
          const result = reconcile(
            state,
            inputsOf(replicas, { spec, metrics }),
            NOW + index * 15 * SECOND,
            config,
          );
          state = result.state;
          replicas = result.scaleTo ?? replicas;
          expect(replicas).toBeGreaterThanOrEqual(2);
          expect(replicas).toBeLessThanOrEqual(9);
          expect(result.status.desiredReplicas).toBe(replicas);
        });
      }),
    );
  });

  it('the order of metrics changes nothing but the name that is given', () => {
    fc.assert(
      fc.property(fc.array(fc.option(load, { nil: undefined }), { minLength: 1, maxLength: 4 }), (loads) => {
        const metrics = client({
          pods: Object.fromEntries(
            loads.flatMap((value, index) =>
              value === undefined ? [] : [[`m${index}`, samples([value, value])]],
            ),
          ),
        });
        const names = loads.map((_value, index) => podsMetric(`m${index}`, '10'));
        const scaled = [names, names.toReversed()].map((list) => {
          const spec = specOf({ metrics: list, behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } });
          return reconcile(initialState(), inputsOf(2, { spec, metrics }), NOW, config).scaleTo;
        });
        expect(scaled[0]).toBe(scaled[1]);
      }),
    );
  });

  it('the same inputs give the same result, and the given state is not changed', () => {
    fc.assert(
      fc.property(behaviors, fc.array(load, { minLength: 1, maxLength: 10 }), (behavior, loads) => {
        const spec = specOf({ maxReplicas: 50, metrics: [podsMetric('qps', '10')], ...behavior });
        let state = initialState();
        loads.forEach((value, index) => {
          const inputs = inputsOf(3, {
            spec,
            metrics: client({ pods: { qps: samples([value, value, value]) } }),
          });
          const before = structuredClone(state.recommendations);
          const now = NOW + index * 15 * SECOND;
          const result = reconcile(state, inputs, now, config);
          expect(reconcile(state, inputs, now, config)).toEqual(result);
          expect(state.recommendations).toEqual(before);
          ({ state } = result);
        });
      }),
    );
  });
});
