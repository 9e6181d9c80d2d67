import { messageOf, UsageError } from '../errors';
import { Quantity } from '../kube/quantity';
import { Selector } from '../kube/selector';

/** What the exporter counts, and what it leaves out. */
export interface CapacityConfig {
  /** Namespaces whose pods count for nothing. */
  readonly excludedNamespaces: ReadonlySet<string>;
  /** CPU that opportunistic work never gets: head room for a peak of the others. */
  readonly reserveCpu: Quantity;
  /** CPU that one opportunistic pod takes. */
  readonly slotCpu: Quantity;
  /** The opportunistic pods; undefined if there are none. */
  readonly opportunistic: OpportunisticPods | undefined;
}

/** Pods of one namespace with certain labels. */
export interface OpportunisticPods {
  readonly namespace: string;
  readonly selector: Selector;
}

/** Names of the variables that configure the exporter. */
export type CapacityVariable = 'EXCLUDE_NAMESPACES' | 'RESERVE_CPU' | 'OPPORTUNISTIC_SELECTOR' | 'SLOT_CPU';

const NOTHING = Quantity.parse(0);

/**
 * Reads `EXCLUDE_NAMESPACES` (names separated by commas or semicolons), `RESERVE_CPU` and `SLOT_CPU` (quantities;
 * default 0 and 1) and `OPPORTUNISTIC_SELECTOR` (`NAMESPACE/LABEL-SELECTOR`). What is not set, or empty, has its
 * default.
 * @throws UsageError that names the variable
 */
export function readCapacityConfig(variable: (name: CapacityVariable) => string | undefined): CapacityConfig {
  const opportunistic = text(variable, 'OPPORTUNISTIC_SELECTOR');
  return {
    excludedNamespaces: new Set(
      (text(variable, 'EXCLUDE_NAMESPACES') ?? '').split(/[,;\s]+/).filter(Boolean),
    ),
    reserveCpu: cpu(variable, 'RESERVE_CPU', '0', (amount) => amount.compare(NOTHING) >= 0, '0 or more'),
    slotCpu: cpu(variable, 'SLOT_CPU', '1', (amount) => amount.compare(NOTHING) > 0, 'more than 0'),
    opportunistic: opportunistic === undefined ? undefined : readPods(opportunistic),
  };
}

function text(
  variable: (name: CapacityVariable) => string | undefined,
  name: CapacityVariable,
): string | undefined {
  const value = variable(name)?.trim();
  return value === '' ? undefined : value;
}

function cpu(
  variable: (name: CapacityVariable) => string | undefined,
  name: CapacityVariable,
  fallback: string,
  allowed: (amount: Quantity) => boolean,
  rule: string,
): Quantity {
  const written = text(variable, name) ?? fallback;
  const amount = orSay(name, () => Quantity.parse(written));
  if (!allowed(amount)) throw new UsageError(`${name}=${written}: must be ${rule}`);
  return amount;
}

function readPods(written: string): OpportunisticPods {
  const [, namespace, labels = ''] = /^([^/]+)\/(.+)$/s.exec(written) ?? [];
  if (namespace === undefined) {
    throw new UsageError(
      `OPPORTUNISTIC_SELECTOR=${written}: write NAMESPACE/LABEL-SELECTOR, such as work/app=worker`,
    );
  }
  return { namespace, selector: orSay('OPPORTUNISTIC_SELECTOR', () => Selector.parse(labels)) };
}

function orSay<Value>(name: CapacityVariable, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}
