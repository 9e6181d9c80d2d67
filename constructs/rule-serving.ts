import type { RuleSettings, Staleness } from '../core/rules';
import type { AdapterSource } from './adapter-source';

/** How a rule is served, where it is not as the file's other rules are. Times are in Prometheus notation: `30s`. */
export interface RuleServing {
  /** Where its series are; without it the adapter's own Prometheus. */
  readonly source?: AdapterSource;
  /** How long an answer may be used again. */
  readonly freshness?: string;
  /** How far back the listing of series looks. */
  readonly maxAge?: string;
  /** `off` for a query of its own for each request. */
  readonly fusion?: RuleSettings['fusion'];
  /** What becomes of objects whose newest sample is old. */
  readonly staleness?: { readonly maxSampleAge: string; readonly action?: Staleness['action'] };
}

/** The rule's section `plimsoll`; `undefined` where it would be empty. */
export function servingSection({ source, ...rest }: RuleServing): object | undefined {
  const section = { ...(source ? { source: source.name } : {}), ...rest };
  return Object.keys(section).length > 0 ? section : undefined;
}
