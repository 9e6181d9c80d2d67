import { Quantity } from '../../../kube/quantity';
import { type Labels } from '../../../kube/selector';
import { type ResourcePolicies } from '../../../rules';
import { type SampleQuantity, sampleQuantity } from '../../sample-quantity';

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
 * A sample as a quantity: thousandths, cut off towards zero; what is below zero is nothing, as upstream. What is none, NaN
 * and infinity above all, is what the policies say; by those of upstream NaN is nothing, and infinity overflows.
 */
export function usageQuantity(
  kind: UsageKind,
  value: number,
  policies: Pick<ResourcePolicies, 'nan' | 'infinity'>,
): SampleQuantity {
  if (value < 0) return { kind: 'value', quantity: NOTHING };
  const result = sampleQuantity(value, 'custom', policies);
  if (result.kind !== 'value' || kind === 'cpu') return result;
  return { kind: 'value', quantity: Quantity.milli(result.quantity.milliValue(), 'BinarySI') };
}
