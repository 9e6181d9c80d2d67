import { UsageError } from '../core/errors';
import type { MetricContract, MetricType } from '../core/model';
import type { PodPort, ServicePort } from './port';

/**
 * A port and the series that are exported there. Monitors are built from it, and so is everything that reads the
 * series.
 *
 * `TargetLabel`: labels that Prometheus adds and that say something about the subject of the series. An exporter that
 * speaks about others, like a node agent, has none: its target labels name the agent.
 */
export class Exporter<
  Contract extends MetricContract = MetricContract,
  Port extends PodPort | ServicePort = PodPort | ServicePort,
  TargetLabel extends string = never,
> {
  constructor(
    readonly port: Port,
    readonly contract: Contract,
    private readonly targetLabels: readonly TargetLabel[] = [],
  ) {}

  /** The handle of one series family, by its key in the contract. */
  series<Key extends keyof Contract['series'] & string>(
    key: Key,
  ): SeriesHandle<Contract['series'][Key]['labels'][number] | TargetLabel, Contract['series'][Key]['type']> {
    const series = this.contract.series[key];
    if (!series) throw new UsageError(`no series "${key}" is exported on port ${this.port.name}`);
    return { name: series.name, type: series.type, labels: [...series.labels, ...this.targetLabels] };
  }
}

/** A series that is exported and scraped. */
export interface SeriesHandle<Label extends string = string, Type extends MetricType = MetricType> {
  readonly name: string;
  readonly type: Type;
  /** Labels that may be read, grouped by or mapped to objects. */
  readonly labels: readonly Label[];
}
