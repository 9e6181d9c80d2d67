import { didYouMean } from '../../did-you-mean';
import { type ApiResources } from '../../kube/api-resources';
import { type YamlPath } from '../../yaml';
import { type RuleCheck } from '../check';
import { type CompileProblem } from '../compile';
import { fieldOf, type RuleSubject } from '../subject';

export const configUnreadable: RuleCheck = {
  id: 'config-unreadable',
  title: 'The file is YAML and has the form of a configuration: the adapter can read it',
  severity: 'error',
  *run({ source, structure }) {
    for (const { position, message } of source.problems) {
      yield { field: [], position, message, fix: 'correct the YAML here' };
    }
    // The reader stops at a repeated key; what it says of it is said already.
    const repeated = source.problems.length > 0;
    for (const { path, message } of structure.problems) {
      if (repeated && path.length === 0) continue;
      const [problem = message, known] = message.split('; known here: ');
      const last = String(path.at(-1) ?? '');
      if (known === undefined) yield { field: path, message: problem, fix: valueFix(path, problem) };
      else {
        const fix = `remove it, or write one of ${known}${didYouMean(last, known.split(', '))}`;
        yield { field: path, atKey: true, message: `${problem} "${last}"`, fix };
      }
    }
  },
};

/** The values of the Helm chart have a mapping where the file has a list. */
function valueFix([first, ...rest]: YamlPath, problem: string): string {
  if (first !== 'rules' || rest.length > 0 || !problem.endsWith('is a mapping')) return 'correct the value';
  return 'write a list of rules; if these are values of the Helm chart, give the ConfigMap that it renders (helm template)';
}

export const nothingServed: RuleCheck = {
  id: 'nothing-served',
  title: 'The configuration has rules',
  severity: 'error',
  *run({ source, structure: { problems, rules, resourceRules } }) {
    if (problems.length > 0 || source.problems.length > 0 || rules.length > 0 || resourceRules) return;
    yield {
      field: [],
      message: 'there are no rules, externalRules or resourceRules: the adapter serves no API',
      fix: 'add rules, such as those that plimsoll rules default prints',
    };
  },
};

export const ruleInvalid: RuleCheck = {
  id: 'rule-invalid',
  title: 'Expressions, templates and resources of every rule are valid: the adapter starts',
  severity: 'error',
  *run({ subjects, resources }) {
    for (const subject of subjects) {
      for (const problem of subject.compileProblems) {
        if (problem.notUnderstood) continue;
        yield {
          field: fieldOf(subject, ...problem.field),
          message: `${problem.message}; prometheus-adapter exits at its start, plimsoll/adapter does not serve the rule`,
          fix: fixOf(subject, problem, resources),
        };
      }
    }
  },
};

export const ruleNotUnderstood: RuleCheck = {
  id: 'rule-not-understood',
  title: 'Every rule is understood',
  severity: 'info',
  *run({ subjects }) {
    for (const subject of subjects) {
      for (const { field, message, notUnderstood } of subject.compileProblems) {
        if (!notUnderstood) continue;
        yield {
          field: fieldOf(subject, ...field),
          message: `${message}; the rule is not verified`,
          fix: 'write it without that, or try it in a cluster',
        };
      }
    }
  },
};

function fixOf({ source }: RuleSubject, { field, message }: CompileProblem, resources: ApiResources): string {
  const [first, second, label = ''] = field;
  switch (first) {
    case 'seriesFilters': {
      const filter = source.seriesFilters[Number(second)];
      if (filter && (filter.is === '') === (filter.isNot === ''))
        return 'write either is or isNot in each filter';
      return regexpFix(filter ? filter.is + filter.isNot : '');
    }
    case 'name':
      return message.includes("'as'") ? 'add as, such as as: "${1}_${2}"' : regexpFix(source.name.matches);
    case 'metricsQuery':
      return 'correct the template: between << and >> stand .Series, .LabelMatchers, .GroupBy, .LabelValuesByName or .GroupBySlice';
    case 'resources':
      return second === 'overrides'
        ? resourceFix(source.resources.overrides[label], resources)
        : 'write a template such as "<<.Resource>>" or "kube_<<.Resource>>"';
    default:
      return 'correct what the message names';
  }
}

function regexpFix(source: string): string {
  if (/\(\?<?[=!]/.test(source)) {
    return 'Go has no lookahead or lookbehind: leave names out by a filter of its own, seriesFilters: [{isNot: …}]';
  }
  if (/^[*+?]/.test(source)) return `write .${source}: * repeats what stands before it, and is no wildcard`;
  return "write it as Go's regexp package reads it, between single quotes so that backslashes stand for themselves";
}

function resourceFix(
  wanted: { readonly group: string; readonly resource: string } | undefined,
  resources: ApiResources,
): string {
  const { group, resource } = wanted ?? { group: '', resource: '' };
  if (resource === '') return 'name a resource: {resource: pod}';
  const all = [...resources];
  const other = all.find(({ plural, singular }) => [plural, singular].includes(resource.toLowerCase()));
  if (other) return `write its group: {group: "${other.group}", resource: "${other.singular}"}`;
  const near = didYouMean(
    resource,
    all.filter((known) => known.group === group).flatMap(({ plural, singular }) => [singular, plural]),
  );
  const plural = `${resource.replace(/s$/, '')}s`;
  return `if a custom resource is meant, name its plural and group: --resource ${plural}.${group || 'GROUP'}${near}`;
}
