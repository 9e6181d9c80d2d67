import { messageOf, UsageError } from '../errors';
import { commandLine, flagValue } from '../kube/command-line';
import type { MetricContract, SeriesContract } from '../model';
import { portFlag } from './go-flags';
import { bystander, ownerOf, type Program, type Setting } from './program';

const OF_DEPLOYMENT = ['namespace', 'deployment'] as const;
const OF_AUTOSCALER = ['namespace', 'horizontalpodautoscaler'] as const;

/**
 * What kube-state-metrics exports about the objects of the chain, of much more that it can export
 * (`docs/metrics/workload` of v2.20.0). Every value is that of an object: the labels name it, not the exporter.
 */
export const KUBE_STATE_METRICS = {
  port: 'http-metrics',
  path: '/metrics',
  series: {
    requests: {
      name: 'kube_pod_container_resource_requests',
      type: 'gauge',
      help: 'What a container requests of a resource.',
      labels: ['namespace', 'pod', 'uid', 'container', 'node', 'resource', 'unit'],
    },
    podPhase: {
      name: 'kube_pod_status_phase',
      type: 'gauge',
      help: '1 for the phase that a pod is in, 0 for the others.',
      labels: ['namespace', 'pod', 'uid', 'phase'],
    },
    replicas: {
      name: 'kube_deployment_status_replicas',
      type: 'gauge',
      help: 'Pods that a Deployment has.',
      labels: OF_DEPLOYMENT,
    },
    readyReplicas: {
      name: 'kube_deployment_status_replicas_ready',
      type: 'gauge',
      help: 'Pods of a Deployment that are ready.',
      labels: OF_DEPLOYMENT,
    },
    desiredReplicas: {
      name: 'kube_horizontalpodautoscaler_status_desired_replicas',
      type: 'gauge',
      help: 'Pods that an autoscaler wants.',
      labels: OF_AUTOSCALER,
    },
    minReplicas: {
      name: 'kube_horizontalpodautoscaler_spec_min_replicas',
      type: 'gauge',
      help: 'The least pods that an autoscaler may want.',
      labels: OF_AUTOSCALER,
    },
    maxReplicas: {
      name: 'kube_horizontalpodautoscaler_spec_max_replicas',
      type: 'gauge',
      help: 'The most pods that an autoscaler may want.',
      labels: OF_AUTOSCALER,
    },
  },
} as const satisfies MetricContract;

/** What the names of series begin with, by the resource that they are about (`--resources`). */
const PREFIXES: Readonly<Record<string, string>> = {
  pods: 'kube_pod_',
  deployments: 'kube_deployment_',
  horizontalpodautoscalers: 'kube_horizontalpodautoscaler_',
};

const DEFAULT_PORT = 8080;
const DEFAULT_TELEMETRY_PORT = 8081;

/**
 * kube-state-metrics, as its arguments tell it: series exist for the resources of `--resources`, as far as
 * `--metric-allowlist` or `--metric-denylist` lets them through. It exports more than the contract unless the former
 * names whole series of the contract only, as in `^kube_pod_status_phase$`. Values are not modelled.
 * @throws UsageError for a port that is none, and a list that holds no regular expressions
 */
export function kubeStateMetrics(setting: Setting): Program {
  const words = commandLine(setting.container);
  const owner = ownerOf(setting);
  const port = portFlag(words, 'port', owner) ?? DEFAULT_PORT;
  const telemetryPort = portFlag(words, 'telemetry-port', owner) ?? DEFAULT_TELEMETRY_PORT;
  const series = exported(words, owner);
  const names = Object.values(series).map(({ name }) => name);
  const whole = new Set(names.map(wholeName));
  const exact = flagValue(words, 'metric-allowlist')
    ?.split(',')
    .every((pattern) => whole.has(pattern));
  const paths: Readonly<Record<number, readonly string[]>> = {
    [port]: ['/', '/metrics', '/livez', '/healthz'],
    [telemetryPort]: ['/', '/metrics', '/readyz'],
  };
  return {
    ...bystander('kube-state-metrics'),
    exports: { ...KUBE_STATE_METRICS, series },
    ...(exact ? {} : { exportsMore: (name: string) => name.startsWith('kube_') }),
    notModelled: names,
    status: (at, { path }) => {
      const served = paths[at];
      return served && (served.includes(path) ? 200 : 404);
    },
    exposes: (at, path) => at === port && path === KUBE_STATE_METRICS.path,
  };
}

/** The pattern of `--metric-allowlist` that lets one series through; patterns match anywhere in a name. */
export function wholeName(series: string): string {
  return `^${series}$`;
}

/** The series of the contract that the arguments let through. */
function exported(words: readonly string[], owner: string): Readonly<Record<string, SeriesContract>> {
  const resources = flagValue(words, 'resources')?.split(',') ?? Object.keys(PREFIXES);
  const prefixes = resources.flatMap((resource) => PREFIXES[resource] ?? []);
  const allowed = patterns(words, 'metric-allowlist', owner);
  const denied = patterns(words, 'metric-denylist', owner) ?? [];
  return Object.fromEntries(
    Object.entries<SeriesContract>(KUBE_STATE_METRICS.series).filter(
      ([, { name }]) =>
        prefixes.some((prefix) => name.startsWith(prefix)) &&
        (allowed?.some((pattern) => pattern.test(name)) ?? true) &&
        !denied.some((pattern) => pattern.test(name)),
    ),
  );
}

/** The expressions of a list, which are ECMAScript's (`pkg/allowdenylist`); undefined without the list. */
function patterns(words: readonly string[], name: string, owner: string): readonly RegExp[] | undefined {
  return flagValue(words, name)
    ?.split(',')
    .map((source) => {
      try {
        return new RegExp(source);
      } catch (error) {
        throw new UsageError(`${owner}: --${name}: ${messageOf(error)}`);
      }
    });
}
