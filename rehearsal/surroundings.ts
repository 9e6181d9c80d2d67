import type { Endpoints } from './endpoints';
import type { Network } from './network';
import type { PrometheusOperator } from './prometheus-operator';
import type { World } from './world';

/** The parts that whoever serves metrics depends on. */
export interface Surroundings {
  readonly world: World;
  readonly endpoints: Endpoints;
  readonly network: Network;
  readonly operator: PrometheusOperator;
}
