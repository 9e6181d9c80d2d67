import { metaLabelName } from '../../../core/operator/meta-labels';
import type { Random } from '../../../rehearsal/random';
import { Draw } from '../../conformance/prometheus/draw';

/** Namespaces of the random cluster and the teams that they belong to. */
export const NAMESPACES: Readonly<Record<string, string>> = {
  shop: 'a',
  payments: 'a',
  search: 'b',
  ops: 'b',
};
export const NODES = ['node-1', 'node-2'] as const;

/** Two of the keys are one in the names of meta labels. */
const KEYS = ['app', 'tier', 'app.kubernetes.io/name', 'example.com/role', 'example-com.role'] as const;
/** One is an expression that matches another, as the operator takes it. */
const VALUES = ['web', 'api', 'db', 'w.b', 'true', '1', ''] as const;
/** What a cluster would have. */
const PORT_NAMES = ['http', 'metrics', 'web-ui'] as const;
const PORT_NUMBERS = [8080, 9090, 9091, 80] as const;

/** Draws what objects and monitors of the random cluster have in common, so that they meet often. */
export class Words extends Draw {
  constructor(random: Random) {
    super(random);
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  /** From 0 up to, but without, `limit`. */
  number(limit: number): number {
    return this.random.below(limit);
  }

  /** One of them, which may be `undefined`. */
  one<T>(choices: readonly T[]): T {
    return this.pick(choices.map((value) => ({ value }))).value;
  }

  /** The value with a chance, else nothing. */
  maybe<T>(percent: number, make: () => T): T | undefined {
    return this.chance(percent) ? make() : undefined;
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.random.below(most + 1) }, make);
  }

  namespace(): string {
    return this.pick(Object.keys(NAMESPACES));
  }

  key(): string {
    return this.pick(KEYS);
  }

  value(): string {
    return this.pick(VALUES);
  }

  labels(most: number): Record<string, string> {
    return Object.fromEntries(this.list(most, () => [this.key(), this.value()]));
  }

  /** Labels of which no two are one in the names of meta labels: which of those Prometheus takes is left to chance. */
  distinctLabels(most: number): Record<string, string> {
    const taken = new Map<string, [key: string, value: string]>();
    for (const [key, value] of Object.entries(this.labels(most))) taken.set(metaLabelName(key), [key, value]);
    return Object.fromEntries(taken.values());
  }

  portName(): string {
    return this.pick(PORT_NAMES);
  }

  portNumber(): number {
    return this.pick(PORT_NUMBERS);
  }

  /** A label selector that label selectors allow. */
  selector(): Record<string, unknown> {
    return this.defined({
      matchLabels: this.maybe(40, () => this.labels(2)),
      matchExpressions: this.maybe(30, () => this.list(2, () => this.expression())),
    });
  }

  /** Without the fields that are undefined, which JSON does not have. */
  defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  }

  private expression(): Record<string, unknown> {
    const key = this.key();
    const operator = this.pick(['In', 'NotIn', 'NotIn', 'Exists', 'DoesNotExist']);
    if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator };
    return { key, operator, values: [this.value(), ...this.list(2, () => this.value())] };
  }
}
