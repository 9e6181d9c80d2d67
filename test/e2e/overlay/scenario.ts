import type { ClusterDescriptor, Expectation, Scenario } from '../../../core/model';
import type { KeptTime, OverlayChange } from './changes';
import type { Times } from './times';

/** What happens around the objects, and the cluster's own periods, in scaled time. */
export interface ScaledSurroundings {
  readonly scenario: Scenario;
  readonly cluster: ClusterDescriptor;
  readonly changes: readonly OverlayChange[];
  readonly kept: readonly KeptTime[];
}

/**
 * The scenario and the cluster, faster. Starts of pods, latencies and rates are what they are: they come from real
 * processes. So the end of `metricKnownBetween`, which is made of starts mostly, stays too.
 */
export function scaleSurroundings(
  scenario: Scenario,
  cluster: ClusterDescriptor,
  times: Times,
): ScaledSurroundings {
  const scaled = scaledScenario(scenario, times);
  const scaledCluster = scaledDescriptor(cluster, times);
  return {
    scenario: scaled,
    cluster: scaledCluster,
    changes: [
      ...differences('scenario', scenario, scaled),
      ...differences('cluster', cluster, scaledCluster),
    ],
    kept: scenario.expect.flatMap(({ autoscaler, metricKnownBetween: known }) =>
      known
        ? [
            {
              object: 'scenario',
              path: `expect ${autoscaler} metricKnownBetween[1]`,
              value: known[1],
              reason: 'it is made of starts of pods, which take the time that they take',
            },
          ]
        : [],
    ),
  };
}

function scaledScenario(scenario: Scenario, times: Times): Scenario {
  const go = (text: string) => times.go(text, 'scenario');
  const moved = <Step extends { readonly at: string }>(steps: readonly Step[]): Step[] =>
    steps.map((step) => ({ ...step, at: go(step.at) }));
  return {
    ...scenario,
    duration: go(scenario.duration),
    load: moved(scenario.load),
    clients: scenario.clients.map((client) => ({ ...client, steps: moved(client.steps) })),
    requests: moved(scenario.requests),
    runs: moved(scenario.runs),
    latencies: moved(scenario.latencies),
    outages: scenario.outages.map((outage) => ({
      ...outage,
      from: go(outage.from),
      until: go(outage.until),
    })),
    programs: scenario.programs.map((program) => ({
      ...program,
      series: program.series.map((series) => ({ ...series, steps: moved(series.steps) })),
    })),
    expect: scenario.expect.map((expectation) => scaledExpectation(expectation, go)),
  };
}

function scaledExpectation(expectation: Expectation, go: (text: string) => string): Expectation {
  const { replicasAt, noScaleDownBefore, noScaleUpAfter, metricKnownBetween, metricUnknownAt } = expectation;
  return {
    ...expectation,
    ...(replicasAt && {
      replicasAt: Object.fromEntries(Object.entries(replicasAt).map(([at, wanted]) => [go(at), wanted])),
    }),
    ...(noScaleDownBefore !== undefined && { noScaleDownBefore: go(noScaleDownBefore) }),
    ...(noScaleUpAfter !== undefined && { noScaleUpAfter: go(noScaleUpAfter) }),
    ...(metricKnownBetween && { metricKnownBetween: [go(metricKnownBetween[0]), metricKnownBetween[1]] }),
    ...(metricUnknownAt && { metricUnknownAt: metricUnknownAt.map(go) }),
  };
}

function scaledDescriptor(cluster: ClusterDescriptor, times: Times): ClusterDescriptor {
  const go = (text: string) => times.go(text, 'cluster');
  const { autoscaling, fargate } = cluster;
  return {
    ...cluster,
    autoscaling: {
      syncPeriod: go(autoscaling.syncPeriod),
      downscaleStabilization: go(autoscaling.downscaleStabilization),
      tolerance: autoscaling.tolerance,
      cpuInitializationPeriod: go(autoscaling.cpuInitializationPeriod),
      initialReadinessDelay: go(autoscaling.initialReadinessDelay),
    },
    ...(fargate && { fargate: { ...fargate, podStart: go(fargate.podStart) } }),
  };
}

/** The leaves that differ between two values of one shape; of mappings whose keys are times, the keys. */
function differences(object: string, before: unknown, after: unknown, path = ''): OverlayChange[] {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    return before === after ? [] : [{ object, path, from: String(before), to: String(after) }];
  }
  const [from, to] = [Object.entries(before), Object.entries(after)];
  return from.flatMap(([key, value], index) => {
    const [renamed = key, next] = to[index] ?? [];
    const inner = Array.isArray(before) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`;
    const own = renamed === key ? [] : [{ object, path, from: key, to: renamed }];
    return [...own, ...differences(object, value, next, inner)];
  });
}
