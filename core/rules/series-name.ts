import { UsageError } from '../errors';
import { type NameMapping, type SeriesFilter } from './config';
import { expand, GoRegexp } from '../kube/go-regexp';
import { type Locate } from './locate';

/** What a rule makes of the name of a series. */
export type Naming =
  | { readonly accepted: true; readonly metric: string }
  /** `reason` names the condition that the series name fails. */
  | { readonly accepted: false; readonly reason: string };

interface Condition {
  readonly field: string;
  readonly source: string;
  readonly regexp: GoRegexp;
  readonly wanted: boolean;
}

/** Names that are kept with what became of them: more than one listing has, and not all that ever were. */
const MOST_KNOWN = 200_000;

/** The filters on series names of one rule and its naming of metrics, compiled. */
export class SeriesNaming {
  /** The metric, or the condition that fails, by the name of the series. */
  private readonly known = new Map<string, string | Condition>();

  private constructor(
    private readonly conditions: readonly Condition[],
    private readonly matches: Condition,
    private readonly as: string,
  ) {}

  /** Whether a metric has the name of its series, as far as the expression takes all of it. */
  get keepsNames(): boolean {
    return /^\$(?:0|\{0\})$/.test(this.as);
  }

  /**
   * @throws UsageError on a bad expression, a filter with both or neither of `is` and `isNot`, or a missing `as`
   */
  static compile(
    filters: readonly SeriesFilter[],
    { matches, as }: NameMapping,
    locate: Locate,
  ): SeriesNaming {
    const conditions = filters.map((filter, index) =>
      compileFilter(filter, `seriesFilters[${index}]`, locate),
    );
    const pattern = matches || '.*';
    const regexp = GoRegexp.compile(pattern, locate('name.matches'));
    const nameCondition = { field: 'name.matches', source: pattern, regexp, wanted: true };
    return new SeriesNaming(conditions, nameCondition, as || defaultAs(regexp, locate('name')));
  }

  of(seriesName: string): Naming {
    let found = this.known.get(seriesName);
    if (found === undefined) {
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      found = this.judge(seriesName);
      this.known.set(seriesName, found);
    }
    return typeof found === 'string' ? { accepted: true, metric: found } : rejection(seriesName, found);
  }

  private judge(seriesName: string): string | Condition {
    const failed = this.conditions.find(({ regexp, wanted }) => regexp.matches(seriesName) !== wanted);
    if (failed) return failed;
    const match = this.matches.regexp.find(seriesName);
    return match ? expand(this.as, match) : this.matches;
  }
}

function rejection(seriesName: string, { field, source, wanted }: Condition): Naming {
  return {
    accepted: false,
    get reason() {
      return `"${seriesName}" ${wanted ? 'does not match' : 'matches'} ${field} "${source}"`;
    },
  };
}

function compileFilter({ is, isNot }: SeriesFilter, field: string, locate: Locate): Condition {
  if (is !== '' && isNot !== '') {
    throw new UsageError(
      `${locate(field)}: cannot have both an \`is\` ("${is}") and \`isNot\` ("${isNot}") expression in a single ` +
        'filter; write two filters',
    );
  }
  if (is === '' && isNot === '') {
    throw new UsageError(`${locate(field)}: must have either an \`is\` or \`isNot\` expression in a filter`);
  }
  const key = is === '' ? 'isNot' : 'is';
  const source = is || isNot;
  const regexp = GoRegexp.compile(source, locate(`${field}.${key}`));
  return { field: `${field}.${key}`, source, regexp, wanted: is !== '' };
}

function defaultAs({ groupCount }: GoRegexp, what: string): string {
  if (groupCount <= 1) return `$${groupCount}`;
  throw new UsageError(`${what}: must specify an 'as' value: 'matches' has ${groupCount} capture groups`);
}
