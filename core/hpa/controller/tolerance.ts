import { type HpaConfig } from '../config/config';
import { type DefaultedHpaSpec } from '../admission/defaults';

/** Whether a usage ratio is so close to one that the replica count stays. */
export type Tolerance = (ratio: number) => boolean;

/** The tolerance of an autoscaler: a distance from one up to 1.32, an interval around it since 1.33 (KEP-4951). */
export function toleranceOf({ behavior }: DefaultedHpaSpec, config: HpaConfig): Tolerance {
  if (!config.rules.toleranceIsInterval) return (ratio) => Math.abs(1 - ratio) <= config.tolerance;
  const own = config.featureGates.HPAConfigurableTolerance ? behavior : undefined;
  const lowest = 1 - (own?.scaleDown.tolerance?.approximateFloat() ?? config.tolerance);
  const highest = 1 + (own?.scaleUp.tolerance?.approximateFloat() ?? config.tolerance);
  return (ratio) => lowest <= ratio && ratio <= highest;
}
