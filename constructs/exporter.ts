import { UsageError } from '../core/errors';
import type { MetricContract, MetricType } from '../core/model';
import type { PodPort, ServicePort } from './port';

/** What Prometheus has to do to the labels of an exporter's series. */
interface LabelTreatment {
  /** Keeps the series' own labels where Prometheus would add one of the same name: they name the subject. */
  readonly honorLabels?: boolean;
  /** Adds the node that the exporter runs on, under this name. */
  readonly nodeLabel?: string;
}

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
    /** For monitors: the series have the labels of their handles only if it is done. */
    readonly labelTreatment: LabelTreatment = {},
  ) {}

  /** The handle of one series family, by its key in the contract. */
  series<Key extends keyof Contract['series'] & string>(
    key: Key,
  ): SeriesHandle<Contract['series'][Key]['labels'][number] | TargetLabel, Contract['series'][Key]['type']> {
    const series = this.contract.series[key];
    if (!series) throw new UsageError(`no series "${key}" is exported on port ${this.port.name}`);
    const { name, type, labels } = series;
    return new SeriesHandle(name, type, [...labels, ...this.targetLabels]);
  }
}

/** A series that is exported and scraped. */
export class SeriesHandle<Label extends string = string, Type extends MetricType = MetricType> {
  /** Keeps objects of the same shape, which nobody exports, from passing as a handle. */
  protected readonly declared = 'series';

  /** @throws UsageError for a name that Prometheus does not take unquoted */
  constructor(
    readonly name: string,
    readonly type: Type,
    /** Labels that may be read, grouped by or mapped to objects. */
    readonly labels: readonly Label[],
  ) {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new UsageError(`"${name}" cannot name a series`);
    const wrong = labels.find((label) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label));
    if (wrong !== undefined) throw new UsageError(`series ${name}: "${wrong}" cannot be a label`);
  }
}

/** The counter of how often something was observed: `NAME_count` of a histogram or summary. */
export function observations<Label extends string>({
  name,
  labels,
}: SeriesHandle<Label, 'histogram' | 'summary'>): SeriesHandle<Label, 'counter'> {
  return new SeriesHandle(`${name}_count`, 'counter', labels);
}
