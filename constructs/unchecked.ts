import { UsageError } from '../core/errors';
import type { MetricContract, MetricType } from '../core/model';
import { Exporter, SeriesHandle } from './exporter';
import { ExternalMetric, ObjectMetric, PodsMetric } from './metric';
import { PodPort, ServicePort } from './port';

/**
 * Escape hatches: handles of things that this program does not declare, given by name. What can be checked at once is
 * checked here; whether they exist is for `plimsoll check`.
 */
export const unchecked = {
  /** A metric of pods that some adapter serves. */
  podsMetric: (name: string): PodsMetric => new PodsMetric(name),

  /** A metric of an object that some adapter serves. */
  objectMetric: <const Kind extends string>(name: string, kind: Kind): ObjectMetric<Kind> =>
    new ObjectMetric(name, kind),

  /** An external metric that some adapter serves. */
  externalMetric: (name: string): ExternalMetric => new ExternalMetric(name),

  /** A series that Prometheus has. */
  series: <const Label extends string, const Type extends MetricType>(series: {
    readonly name: string;
    readonly type: Type;
    readonly labels: readonly Label[];
  }): SeriesHandle<Label, Type> => new SeriesHandle(series.name, series.type, series.labels),

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

  /** What is exported on such a port, for a monitor; a label that its targets add is listed like any other. */
  exporter<const Contract extends MetricContract, Port extends PodPort | ServicePort>(
    port: Port,
    contract: Contract,
  ): Exporter<Contract, Port> {
    if (contract.port !== port.name) {
      throw new UsageError(
        `port "${port.name}" cannot export what a contract has on port "${contract.port}"`,
      );
    }
    return new Exporter(port, contract);
  },
};

/** No labels would select everything in the namespace. */
function requireSelector(what: string, labels: object): void {
  if (Object.keys(labels).length === 0) throw new UsageError(`${what}: give the labels that select it`);
}
