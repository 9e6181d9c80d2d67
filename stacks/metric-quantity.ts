import { Quantity } from '../core/kube/quantity';

/** Canonical text of a target in the metric's own unit, to the thousandth, which is as exact as the metrics API is. */
export function metricQuantity(target: number): string {
  return Quantity.milli(Math.round(target * 1000)).toString();
}
