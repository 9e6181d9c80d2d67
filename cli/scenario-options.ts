import { UsageError } from '../core/errors';
import { parseGoDuration } from '../core/kube/duration';
import { namespaceOf } from '../core/kube/inventory';
import type { KubeObject } from '../core/kube/object';
import { defineScenario, type Expectation, type Scenario } from '../core/model';

/** What the command line may change about a scenario. */
export interface ScenarioOptions {
  readonly until?: string | undefined;
  /** `NAME=RATE` or `NAMESPACE/NAME=RATE`. */
  readonly load: readonly string[];
  readonly seed?: number | undefined;
  /** False turns noise off; true leaves it as the scenario has it. */
  readonly noise: boolean;
}

/** A scenario after the command line had its say. */
export interface ChosenScenario {
  readonly scenario: Scenario;
  /** Expectations that cannot be judged, because they speak of moments after the end. */
  readonly dropped: readonly string[];
}

const POD_MAKERS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];

/** @throws UsageError on a value that is none, and on a load generator that does not exist or is ambiguous */
export function chooseScenario(
  scenario: Scenario,
  options: ScenarioOptions,
  objects: readonly KubeObject[],
): ChosenScenario {
  const { until = scenario.duration, seed = scenario.seed } = options;
  const endMs = parseGoDuration(until);
  const cut = scenario.expect.map((entry) => withoutLater(entry, endMs));
  const changes = options.load.map((assignment) => loadChange(assignment, objects));
  const changed = new Set(changes.map(({ generator }) => generator));
  const chosen = defineScenario(
    {
      ...scenario,
      duration: until,
      seed,
      noise: scenario.noise && options.noise,
      load: [...scenario.load.filter(({ generator }) => !changed.has(generator)), ...changes],
      expect: cut.map(({ kept }) => kept),
    },
    'command line',
  );
  return { scenario: chosen, dropped: cut.flatMap(({ dropped }) => dropped) };
}

function loadChange(assignment: string, objects: readonly KubeObject[]): { generator: string; rate: number } {
  const [, name = '', text = ''] = /^([^=]+)=(.+)$/.exec(assignment) ?? [];
  const rate = Number(text);
  if (name === '' || text.trim() === '' || !Number.isFinite(rate) || rate < 0) {
    throw new UsageError(`--load ${assignment}: write NAME=RATE with a rate of 0 or more requests a second`);
  }
  return { generator: generatorNamed(name, objects), rate };
}

function generatorNamed(name: string, objects: readonly KubeObject[]): string {
  const workloads = objects
    .filter(({ kind }) => POD_MAKERS.includes(kind))
    .map((object) => ({
      full: `${namespaceOf(object)}/${object.metadata.name}`,
      short: object.metadata.name,
    }));
  const found = workloads.filter(({ full, short }) => name === full || name === short);
  const [only] = found;
  if (only && found.length === 1) return only.full;
  const candidates = (only ? found : workloads).map(({ full }) => full).join(', ');
  throw new UsageError(
    only
      ? `--load ${name}: several workloads have this name, write one of ${candidates}`
      : `--load ${name}: there is no such workload; there is ${candidates || 'none at all'}`,
  );
}

/** An expectation without what it says about moments after the end. */
function withoutLater(
  entry: Expectation,
  endMs: number,
): { readonly kept: Expectation; readonly dropped: string[] } {
  const { replicasAt, metricUnknownAt, metricKnownBetween, ...rest } = entry;
  const inTime = (at: string): boolean => parseGoDuration(at) <= endMs;
  const sizes = Object.entries(replicasAt ?? {});
  const late = [
    ...sizes.map(([at]) => at),
    ...(metricUnknownAt ?? []),
    ...(metricKnownBetween ? [metricKnownBetween[1]] : []),
  ].filter((at) => !inTime(at));
  return {
    kept: {
      ...rest,
      ...(replicasAt ? { replicasAt: Object.fromEntries(sizes.filter(([at]) => inTime(at))) } : {}),
      ...(metricUnknownAt ? { metricUnknownAt: metricUnknownAt.filter(inTime) } : {}),
      ...(metricKnownBetween && inTime(metricKnownBetween[1]) ? { metricKnownBetween } : {}),
    },
    dropped: late.map((at) => `${entry.autoscaler} at ${at}`),
  };
}
