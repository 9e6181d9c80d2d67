/**
 * What to do where upstream's behaviour misleads an autoscaler. `upstream` is what prometheus-adapter does, and what a
 * file without the key `plimsoll` gets. docs/adapter-rules.md says what an autoscaler notices of each choice.
 */
export interface RulePolicies {
  /**
   * Names of objects in the alternation of a query for several: `upstream` puts them there as they are, so that the
   * dot of `web.v1` matches any character; `literal` escapes them.
   */
  readonly objectNames: (typeof POLICY_CHOICES.objectNames)[number];
  /**
   * A result that is NaN: `upstream` makes it 0 for objects and the smallest number for external metrics, `zero`
   * makes it 0, `skip` leaves the result out, `error` fails the request.
   */
  readonly nan: (typeof POLICY_CHOICES.nan)[number];
  /**
   * A result that does not fit in 64 bits of thousandths, an infinity for one: `upstream` makes it the smallest
   * number, `skip` leaves it out, `clamp` makes it the largest or smallest number, `error` fails the request.
   */
  readonly infinity: (typeof POLICY_CHOICES.infinity)[number];
  /**
   * A metric that two series names or two rules expose: `upstream` takes the last, `refuse` fails requests for it.
   * It counts for a metric if one of the rules behind it has it.
   */
  readonly conflicts: (typeof POLICY_CHOICES.conflicts)[number];
  /** Several results for one object: `upstream` takes the last, `sum` adds them up, `error` fails the request. */
  readonly duplicates: (typeof POLICY_CHOICES.duplicates)[number];
}

/** Those of `resourceRules`, whose metrics nothing else makes. */
export type ResourcePolicies = Omit<RulePolicies, 'conflicts'>;

/** Keys of the section `plimsoll`, of the file and of a rule, and what may be chosen. */
export const POLICY_CHOICES = {
  objectNames: ['upstream', 'literal'],
  nan: ['upstream', 'zero', 'skip', 'error'],
  infinity: ['upstream', 'skip', 'clamp', 'error'],
  conflicts: ['upstream', 'refuse'],
  duplicates: ['upstream', 'sum', 'error'],
} as const;

/** Exactly what prometheus-adapter does. */
export const UPSTREAM_POLICIES: RulePolicies = {
  objectNames: 'upstream',
  nan: 'upstream',
  infinity: 'upstream',
  conflicts: 'upstream',
  duplicates: 'upstream',
};

/** No wrong number without a word: what generated rules and the stacks of this project choose. */
export const STRICT_POLICIES: RulePolicies = {
  objectNames: 'literal',
  nan: 'skip',
  infinity: 'error',
  conflicts: 'refuse',
  duplicates: 'error',
};
