import { Quantity } from '../../../kube/quantity';
import { type Labels } from '../../../kube/selector';
import { milliQuantity } from '../../milli-quantity';

/** A pod or node that metrics are asked for; the caller has selected it. */
export interface UsageObject {
  /** `''` for nodes. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
}

/** What an object, or a container of it, uses. */
export interface Usage {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

/** `PodMetrics` of `metrics.k8s.io`. */
export interface PodUsage extends UsageObject {
  readonly timestampMs: number;
  /** By name. */
  readonly containers: readonly (Usage & { readonly name: string })[];
}

/** `NodeMetrics` of `metrics.k8s.io`. */
export interface NodeUsage extends UsageObject {
  readonly timestampMs: number;
  readonly usage: Usage;
}

export type UsageKind = keyof Usage;

/** Of what has samples of the other kind only. */
export const NOTHING = Quantity.milli(0);

/**
 * A sample as a quantity: thousandths, cut off towards zero; NaN and what is below zero is nothing, as upstream.
 * @returns `undefined` for what is no quantity, infinity above all, where upstream's conversion overflows to the
 * smallest number there is: such a sample is as good as none
 */
export function usageQuantity(kind: UsageKind, value: number): Quantity | undefined {
  if (Number.isNaN(value) || value < 0) return NOTHING;
  const quantity = milliQuantity(value);
  if (!quantity || kind === 'cpu') return quantity;
  return Quantity.milli(quantity.milliValue(), 'BinarySI');
}
