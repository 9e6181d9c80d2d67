import type { ServerSurroundings } from './aggregated-server';
import type { PrometheusOperator } from './prometheus-operator';

/** The parts that whoever serves metrics of Prometheus depends on. */
export interface Surroundings extends ServerSurroundings {
  readonly operator: PrometheusOperator;
}
