import { type RuleCheck } from '../check';
import { findName, isName, parseRegexp, type NameCondition } from '../names';
import { fieldOf, listedNames, type RuleSubject, searchNames } from '../subject';

export const neverMatches: RuleCheck = {
  id: 'never-matches',
  title: 'Some series can pass seriesQuery, seriesFilters and name.matches of every rule',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      if (subject.example.kind !== 'none') continue;
      const { field, condition } = firstContradiction(subject);
      const against = field[0] === 'seriesQuery' ? 'its matchers of __name__' : 'what stands before it';
      yield {
        field: fieldOf(subject, ...field),
        message: `no name of a series can satisfy ${conditionText(condition)} and ${against}: the rule never has a metric`,
        fix: 'change or remove one of the conditions on the name',
      };
    }
  },
};

/** The first condition after which no name is left. */
function firstContradiction({ names, source }: RuleSubject) {
  const placed = [
    ...names.selector.map((condition) => ({ field: ['seriesQuery'], condition })),
    ...names.filters.map((condition, index) => {
      const filter = source.seriesFilters[index];
      const field = filter
        ? ['seriesFilters', index, filter.is === '' ? 'isNot' : 'is']
        : ['name', 'matches'];
      return { field, condition };
    }),
  ];
  const before: NameCondition[] = [];
  for (const place of placed) {
    before.push(place.condition);
    if (findName(before).kind === 'none') return place;
  }
  throw new RangeError('conditions that contradict each other do so at one of them');
}

function conditionText({ regexp, wanted }: NameCondition): string {
  return `${wanted ? '' : 'not '}"${regexp}"`;
}

export const nameReference: RuleCheck = {
  id: 'name-reference',
  title: 'name.as refers to groups that name.matches has',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { matches, as } = subject.source.name;
      const groups = subject.compiled ? groupsOf(matches || '.*') : undefined;
      if (!groups) continue;
      const wrong = references(as).filter((name) => !hasGroup(groups, name));
      for (const name of new Set(wrong)) {
        yield {
          field: fieldOf(subject, 'name', 'as'),
          message: `name.matches has no group "${name}", so $${name} is replaced by nothing${example(subject)}`,
          fix: referenceFix(name, groups),
        };
      }
    }
  },
};

function groupsOf(regexp: string): readonly string[] | undefined {
  try {
    return parseRegexp(regexp).groups;
  } catch {
    return undefined;
  }
}

/** `$$`, `${name}` and `$name`, the latter as long as it can be (`Regexp.Expand`). */
const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** The groups that a template refers to. */
function references(as: string): string[] {
  return [...as.matchAll(REFERENCE)].flatMap(([, braced, bare]) => braced ?? bare ?? []);
}

function hasGroup(groups: readonly string[], name: string): boolean {
  return /^\d+$/.test(name) ? Number(name) <= groups.length : groups.includes(name);
}

function referenceFix(name: string, groups: readonly string[]): string {
  const number = /^(\d+)(\D.*)$/.exec(name);
  if (number && hasGroup(groups, number[1] ?? '')) {
    return `write \${${number[1]}}${number[2]}: without braces a name is as long as it can be`;
  }
  const named = groups.filter((group) => group !== '').map((group) => `\${${group}}`);
  const known = [...groups.map((_, index) => `\${${index + 1}}`), ...named];
  return known.length > 0
    ? `write one of ${known.join(', ')}`
    : 'put the part of name.matches that is meant in parentheses, and write ${1}';
}

function example({ compiled, example: found }: RuleSubject): string {
  if (found.kind !== 'found' || !compiled) return '';
  const naming = compiled.nameOf(found.name);
  return naming.accepted ? `: ${found.name} becomes "${naming.metric}"` : '';
}

export const metricOfManySeries: RuleCheck = {
  id: 'metric-of-many-series',
  title: 'A rule that gives every series the same metric name is about series of one name',
  severity: 'warning',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { as } = subject.source.name;
      const { example: one } = subject;
      if (!subject.compiled || as === '' || references(as).length > 0 || one.kind !== 'found') continue;
      const other = searchNames(subject, { ...isName(one.name), wanted: false });
      if (other.kind !== 'found') continue;
      yield {
        field: fieldOf(subject, 'name', 'as'),
        message: `series of all names that the rule takes, such as ${one.name} and ${other.name}, become the one metric ${as}: the one that Prometheus lists last counts`,
        fix: 'name one series in seriesQuery, or let the name tell them apart: as: "${0}"',
      };
    }
  },
};

export const seriesUnused: RuleCheck = {
  id: 'series-unused',
  title: 'A rule about series of several names asks for the one that is meant',
  severity: 'warning',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { compiled, example: one, source } = subject;
      if (!compiled || one.kind !== 'found' || /\.Series\b/.test(source.metricsQuery)) continue;
      if (source.metricsQuery === '' || listedNames(subject)?.length === 1) continue;
      const other = searchNames(subject, { ...isName(one.name), wanted: false });
      if (other.kind !== 'found') continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `the rule takes series of several names, such as ${one.name} and ${other.name}, but its query is the same for all: every metric has the same values`,
        fix: 'write <<.Series>> for the name of the series, or name one series in seriesQuery',
      };
    }
  },
};
