import { messageOf } from '../errors';
import { type Matcher, parseSelector } from '../promql';
import { type CompiledRule, type MetricsApi, type RestMapper } from '../rules';
import { type YamlPath } from '../yaml';
import { compileRule, type CompileProblem } from './compile';
import { conditionOf, findName, type NameCondition, type NameSearch } from './names';
import { type PlacedRule, type RuleSource } from './structure';

const METRIC_NAME = '__name__';

/** A rule with all that can be known of it without Prometheus. */
export interface RuleSubject {
  readonly api: MetricsApi;
  /** Such as `rules[0]`. */
  readonly path: string;
  /** The way to it in the file. */
  readonly place: YamlPath;
  readonly source: RuleSource;
  /** Absent if the adapter does not start with it. */
  readonly compiled?: CompiledRule | undefined;
  readonly compileProblems: readonly CompileProblem[];
  /** The conditions of `seriesQuery`; absent if that is no selector. */
  readonly selector?: readonly Matcher[] | undefined;
  readonly selectorProblem?: string | undefined;
  /** The conditions on names: those of the selector, and those of the filters with `name.matches`. */
  readonly names: { readonly selector: readonly NameCondition[]; readonly filters: readonly NameCondition[] };
  /** A name that the rule takes, if there is one. */
  readonly example: NameSearch;
}

/** Looks into a rule as far as it can be read. */
export function subjectOf({ list, index, source }: PlacedRule, mapper: RestMapper): RuleSubject {
  const api = list === 'rules' ? 'custom' : 'external';
  const path = `${list}[${index}]`;
  const compiling = compileRule(source, { api, path }, mapper);
  const selecting = readSelector(source.seriesQuery);
  const names = {
    selector: (selecting.selector ?? []).filter(({ label }) => label === METRIC_NAME).map(conditionOf),
    filters: 'compiled' in compiling ? filterConditions(source) : [],
  };
  const known = {
    ...('compiled' in compiling
      ? { compiled: compiling.compiled, compileProblems: [] }
      : { compileProblems: compiling.problems }),
    ...selecting,
    names,
  };
  return { api, path, place: [list, index], source, ...known, example: searchNames(known) };
}

/** Looks for a name that a rule takes and that satisfies more conditions; of a rule with mistakes that is not known. */
export function searchNames(
  { names, compiled, selector }: Pick<RuleSubject, 'names' | 'compiled' | 'selector'>,
  ...more: readonly NameCondition[]
): NameSearch {
  if (!compiled || !selector) return { kind: 'undecided' };
  return findName([...names.selector, ...names.filters, ...more]);
}

/** The conditions on the names of a rule's series. */
export function nameConditions({ names }: RuleSubject): readonly NameCondition[] {
  return [...names.selector, ...names.filters];
}

/** The names that a rule is about, if its selector lists them. */
export function listedNames({ selector = [] }: RuleSubject): readonly string[] | undefined {
  const listed = selector.flatMap(({ label, possibleValues }) =>
    label === METRIC_NAME && possibleValues ? [possibleValues] : [],
  );
  const [first, ...others] = listed;
  return first && [...first].filter((name) => others.every((values) => values.has(name)));
}

/** A field of a rule. */
export function fieldOf({ place }: RuleSubject, ...field: YamlPath): YamlPath {
  return [...place, ...field];
}

function readSelector(text: string): Pick<RuleSubject, 'selector' | 'selectorProblem'> {
  try {
    const selector = parseSelector(text);
    // The language has such a selector; the API that lists series refuses it.
    return selector.every((matcher) => matcher.matches(''))
      ? { selectorProblem: 'match[] must contain at least one non-empty matcher' }
      : { selector };
  } catch (error) {
    return { selectorProblem: withoutExpression(messageOf(error)) };
  }
}

/** The message alone: the expression is told already. */
export function withoutExpression(message: string): string {
  return message.replace(/^invalid PromQL expression ".*?[^\\]": /s, '');
}

function filterConditions({ seriesFilters, name }: RuleSource): NameCondition[] {
  const filters = seriesFilters.map(({ is, isNot }): NameCondition => ({
    regexp: is || isNot,
    anchored: false,
    wanted: is !== '',
  }));
  return name.matches === ''
    ? filters
    : [...filters, { regexp: name.matches, anchored: false, wanted: true }];
}
