import { UsageError } from '../core/errors';
import { ExternalMetric, ObjectMetric, PodsMetric } from './metric';
import { PodPort, ServicePort } from './port';

/**
 * Escape hatches: handles of things that this program does not declare, given by name. What can be checked at once is
 * checked here; whether they exist is for `plimsoll check`.
 */
export const unchecked = {
  /** A metric of pods that some adapter serves. */
  podsMetric: (name: string): PodsMetric => new PodsMetric(metricName(name)),

  /** A metric of an object that some adapter serves. */
  objectMetric: <const Kind extends string>(name: string, kind: Kind): ObjectMetric<Kind> =>
    new ObjectMetric(metricName(name), kind),

  /** An external metric that some adapter serves. */
  externalMetric: (name: string): ExternalMetric => new ExternalMetric(metricName(name)),

  /** A port of pods that exist, selected by labels. */
  podPort(port: ConstructorParameters<typeof PodPort>[0]): PodPort {
    requireSelector(`pod port ${port.namespace}/${port.app}:${port.name}`, port.podLabels);
    return new PodPort(port);
  },

  /** A port of a Service that exists, selected by labels. */
  servicePort(port: ConstructorParameters<typeof ServicePort>[0]): ServicePort {
    requireSelector(`service port ${port.namespace}/${port.service}:${port.name}`, port.labels);
    return new ServicePort(port);
  },
};

/** The name is a segment of the metrics API's path. */
function metricName(name: string): string {
  if (!/^[A-Za-z0-9_:.-]+$/.test(name)) throw new UsageError(`"${name}" cannot be the name of a metric`);
  return name;
}

/** No labels would select everything in the namespace. */
function requireSelector(what: string, labels: object): void {
  if (Object.keys(labels).length === 0) throw new UsageError(`${what}: give the labels that select it`);
}
