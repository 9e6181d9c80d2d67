/** Prometheus metric types that an exposition names. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

/** One series family that a program promises to export. */
export interface SeriesContract {
  /** Name on the wire, e.g. `http_requests_total`. */
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** Labels the program itself sets; target labels come on top. */
  readonly labels: readonly string[];
}

/**
 * What a program exports: declared once, next to its counting logic in `core/workloads`; its `/metrics`, the monitor,
 * the adapter rule and the rehearsal all take it from there.
 */
export interface MetricContract<Names extends string = string> {
  /** Name of the container port that serves the metrics. */
  readonly port: string;
  /** HTTP path, e.g. `/metrics`. */
  readonly path: string;
  readonly series: Readonly<Record<Names, SeriesContract>>;
}
