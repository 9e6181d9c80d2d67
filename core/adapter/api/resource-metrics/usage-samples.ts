import { type Quantity } from '../../../kube/quantity';
import { formatG } from '../../../promql/go-float';
import { type ResourcePolicies } from '../../../rules';
import { type QuerySample } from '../../request';
import { type UsageKind, usageQuantity } from './usage';

/** Why an object has no usage although there are samples of it: a policy leaves it out, or fails its part. */
export interface UsageTrouble {
  readonly policy: 'skip' | 'error';
  /** To follow the name of the object. */
  readonly text: string;
}

/** Usages by what a label of the samples says: by container, or the one of a node. */
export type UsageReading = ReadonlyMap<string, Quantity> | UsageTrouble;

/** How samples of one object become usages. */
export interface UsageReader {
  readonly kind: UsageKind;
  readonly policies: ResourcePolicies;
  /** Label of the container; absent for nodes. */
  readonly container?: string | undefined;
}

/** What the samples of one object say. Of several for one container upstream takes the last, for one node the first. */
export function readUsage(reader: UsageReader, samples: readonly QuerySample[] = []): UsageReading {
  const { kind, policies, container } = reader;
  const usages = new Map<string, Quantity>();
  for (const [name, value] of valuesOf(reader, samples)) {
    const where = container === undefined ? '' : ` of container ${name}`;
    if (value === 'several') {
      return { policy: 'error', text: `has several results of ${kind}${where}: aggregate by <<.GroupBy>>` };
    }
    const result = usageQuantity(kind, value, policies);
    if (result.kind === 'value') usages.set(name, result.quantity);
    else {
      const policy = result.kind === 'skipped' ? 'skip' : 'error';
      return { policy, text: `has ${kind}${where} of ${formatG(value)}, which is not a quantity` };
    }
  }
  return usages;
}

function valuesOf(
  { policies: { duplicates }, container }: UsageReader,
  samples: readonly QuerySample[],
): ReadonlyMap<string, number | 'several'> {
  const values = new Map<string, number | 'several'>();
  for (const { labels, value } of samples) {
    const name = container === undefined ? '' : (labels[container] ?? '');
    const before = values.get(name);
    if (before === undefined || before === 'several') values.set(name, before ?? value);
    else if (duplicates === 'sum') values.set(name, before + value);
    else if (duplicates === 'error') values.set(name, 'several');
    else if (container !== undefined) values.set(name, value);
  }
  return values;
}
