import { Quantity } from '../kube/quantity';
import { type MetricsApi, type RulePolicies } from '../rules';
import { milliQuantity } from './milli-quantity';

/** What a rule makes of the value of a result: a quantity, nothing, or a failure of the request. */
export type SampleQuantity =
  | { readonly kind: 'value'; readonly quantity: Quantity }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'refused' };

const LARGEST = 2n ** 63n - 1n;
/** What Go makes on amd64 of a float that does not fit in 64 bits, NaN among them. */
const OVERFLOWN = -(2n ** 63n);

/** Applies a rule's policies to the value of a result. Custom metrics have no NaN upstream: it is 0 for them. */
export function sampleQuantity(
  value: number,
  api: MetricsApi,
  policies: Pick<RulePolicies, 'nan' | 'infinity'>,
): SampleQuantity {
  const quantity = milliQuantity(value);
  if (quantity) return { kind: 'value', quantity };
  if (Number.isNaN(value)) {
    if (policies.nan === 'upstream') return milli(api === 'custom' ? 0n : OVERFLOWN);
    return policies.nan === 'zero' ? milli(0n) : leftOut(policies.nan);
  }
  switch (policies.infinity) {
    case 'upstream':
      return milli(OVERFLOWN);
    case 'clamp':
      return milli(value > 0 ? LARGEST : OVERFLOWN);
    case 'skip':
    case 'error':
      return leftOut(policies.infinity);
  }
}

function milli(thousandths: bigint): SampleQuantity {
  return { kind: 'value', quantity: Quantity.milli(thousandths) };
}

function leftOut(policy: 'skip' | 'error'): SampleQuantity {
  return { kind: policy === 'skip' ? 'skipped' : 'refused' };
}
