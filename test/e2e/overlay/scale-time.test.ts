import { allObjects, valueAt, type Scenario, type Timeline } from '../../../core/model';
import { rehearse } from '../../../rehearsal';
import { findStack, parseOptions, stacks } from '../../../stacks';
import { synthesize } from '../../../synth';
import { overlayText, scaleTime } from '.';

const FACTOR = 5;
/** As fast as everything else, so that only what cannot be scaled makes a difference. */
const SCALED_STARTS = { scheduling: '200ms', start: '600ms', termination: '200ms' };
/** Prometheus looks for new targets every five seconds whatever its interval, which are 25 s of scaled time. */
const FIXED_MS = 5000 * (FACTOR - 1);

function stackOf(name: string) {
  const definition = findStack(name);
  const stack = definition.define(parseOptions(definition, []));
  const objects = allObjects(synthesize(stack)).map(({ object }) => object);
  return { stack, objects };
}

/** Changes of size of all autoscalers, in the time of an unscaled run. */
function changesOf({ autoscalers }: Timeline, factor: number) {
  return autoscalers.map(({ name, decisions }) => ({
    name,
    changes: decisions.flatMap(({ atMs, from, to }) =>
      to === undefined ? [] : [{ atMs: atMs * factor, step: `${from} → ${to}` }],
    ),
  }));
}

function both(name: string) {
  const { stack, objects } = stackOf(name);
  const calm = (scenario: Scenario): Scenario => ({ ...scenario, noise: false, expect: [] });
  const { cluster, scenario } = stack;
  const scaled = scaleTime(objects, scenario, cluster, FACTOR);
  const faster = { ...calm(scaled.scenario), pods: SCALED_STARTS };
  return {
    unscaled: rehearse({ name, objects, cluster, scenario: calm(scenario) }),
    scaled: rehearse({ name, objects: scaled.objects, cluster: scaled.cluster, scenario: faster }),
  };
}

describe('a stack in scaled time', () => {
  it.each(['kind', 'aks', 'minikube', 'eks-fargate'])('%s changes size as in unscaled time', (name) => {
    const { unscaled, scaled } = both(name);
    const [before, after] = [changesOf(unscaled, 1), changesOf(scaled, FACTOR)];
    const steps = (list: typeof before) => list.map(({ changes }) => changes.map(({ step }) => step));
    expect(steps(after)).toEqual(steps(before));
    const differences = before.flatMap(({ changes }, index) =>
      changes.map(({ atMs }, change) => (after[index]?.changes[change]?.atMs ?? Infinity) - atMs),
    );
    // What cannot be scaled, and the two syncs of 15 s that it can push a decision over.
    for (const difference of differences) expect(Math.abs(difference)).toBeLessThanOrEqual(FIXED_MS + 15_000);
  });

  it('has bare-metal reach the same sizes within the time that discovery takes, which is not scaled', () => {
    const { unscaled, scaled } = both('bare-metal');
    for (const [index, { name, syncs }] of unscaled.autoscalers.entries()) {
      const other = scaled.autoscalers[index]?.syncs ?? { atMs: [], replicas: [], desired: [] };
      const largest = Math.max(...syncs.replicas);
      for (const minute of [4, 8, 12, 16, 19]) {
        const size = valueAt(other.atMs, other.replicas, (minute * 60_000) / FACTOR) ?? NaN;
        const near = [-45_000, 0, 45_000].map((by) =>
          valueAt(syncs.atMs, syncs.replicas, minute * 60_000 + by),
        );
        const bounds = near.filter((value) => value !== undefined);
        expect({ name, minute, size, ok: size >= Math.min(...bounds) - largest / 15 }).toMatchObject({
          ok: true,
        });
        expect({ name, minute, size, ok: size <= Math.max(...bounds) + largest / 15 }).toMatchObject({
          ok: true,
        });
      }
    }
  });

  it.each(stacks.map(({ name }) => name))('%s is unchanged with factor 1', (name) => {
    const { stack, objects } = stackOf(name);
    const {
      objects: same,
      scenario,
      cluster,
      changes,
    } = scaleTime(objects, stack.scenario, stack.cluster, 1);
    expect(same).toEqual(objects);
    expect([scenario, cluster, changes]).toEqual([stack.scenario, stack.cluster, []]);
  });

  it('tells all that it changed', () => {
    const { stack, objects } = stackOf('minikube');
    const { changes, kept } = scaleTime(objects, stack.scenario, stack.cluster, FACTOR);
    const text = overlayText('Unchanged apart from', changes, kept);
    expect(text).toContain('spec.pollingInterval: 30 (default) → 6');
    expect(text).toContain('args[2]: 45000 → 9000');
    expect(text).toContain('{uri="/api"}[24s])');
    expect(text).toContain('autoscaling.syncPeriod: 15s → 3s');
  });

  it('names what a factor does not divide', () => {
    const { stack, objects } = stackOf('bare-metal');
    expect(() => scaleTime(objects, stack.scenario, stack.cluster, 4)).toThrow(
      /HorizontalPodAutoscaler demo\/sample-metrics-app, spec\.behavior\.scale(Up|Down)\.policies\[0\]\.periodSeconds: 30 seconds divided by 4/,
    );
  });
});
