import { messageOf, NotSupportedError } from '../errors';
import { CompiledRule, type MetricsApi, type RestMapper } from '../rules';
import { type YamlPath } from '../yaml';
import { type RuleSource } from './structure';

/** A field of a rule with which the adapter does not start. */
export interface CompileProblem {
  /** Inside the rule. */
  readonly field: YamlPath;
  readonly message: string;
  /** Whether it is only this program that does not understand it. */
  readonly notUnderstood: boolean;
}

export interface RulePlace {
  readonly api: MetricsApi;
  /** Such as `rules[0]`. */
  readonly path: string;
}

/** Names the file in messages, to be cut off again. */
const WHERE = 'file';

/** Compiles a rule, or finds every field of it that cannot be compiled. */
export function compileRule(
  source: RuleSource,
  place: RulePlace,
  mapper: RestMapper,
): { readonly compiled: CompiledRule } | { readonly problems: readonly CompileProblem[] } {
  const compile = (rule: RuleSource): CompiledRule =>
    CompiledRule.compile(rule, { ...place, where: WHERE }, mapper);
  try {
    return { compiled: compile(source) };
  } catch (error) {
    const problems = partsOf(source).flatMap(({ field, rule }) => {
      try {
        compile(rule);
        return [];
      } catch (partError) {
        return [problemOf(partError, field)];
      }
    });
    return { problems: problems.length > 0 ? problems : [problemOf(error, [])] };
  }
}

/** The rule with one of its fields alone; the others are as if they were not given. */
function partsOf(source: RuleSource): { readonly field: YamlPath; readonly rule: RuleSource }[] {
  const { resources, seriesFilters, name, metricsQuery } = source;
  const bare: RuleSource = {
    ...source,
    seriesFilters: [],
    name: { ...name, matches: '', as: '' },
    resources: { ...resources, template: '', overrides: {} },
    metricsQuery: '<<.Series>>',
  };
  return [
    ...seriesFilters.map((filter, index) => ({
      field: ['seriesFilters', index],
      rule: { ...bare, seriesFilters: [filter] },
    })),
    { field: ['name'], rule: { ...bare, name } },
    {
      field: ['resources', 'template'],
      rule: { ...bare, resources: { ...resources, overrides: {} } },
    },
    ...Object.entries(resources.overrides).map(([label, resource]) => ({
      field: ['resources', 'overrides', label],
      rule: { ...bare, resources: { ...resources, template: '', overrides: { [label]: resource } } },
    })),
    { field: ['metricsQuery'], rule: { ...bare, metricsQuery } },
  ];
}

function problemOf(error: unknown, field: YamlPath): CompileProblem {
  const message = messageOf(error)
    .replace(/(^|: )file: /, '$1')
    .replace(/(?:^|: )(?:rules|externalRules|resourceRules)\b\S*: /, (match) =>
      match.startsWith(':') ? ': ' : '',
    );
  return { field, message, notUnderstood: error instanceof NotSupportedError };
}
