import { type Matcher } from '../../promql';
import { type RuleCheck } from '../check';
import { fieldOf, type RuleSubject, searchNames } from '../subject';

/** Characters that tell that somebody thought of a regular expression. */
const REGEXP_LIKE = /\.[*+]|^\^|\$$|\\[.dws]|\.\+|\[[^\]]+\]|[^\\]\|/;
/** A value that nobody wrote a selector for. */
const UNHEARD_OF = 'plimsoll_unheard_of';
/** Labels that cadvisor gave its series before Kubernetes 1.16, and what they are called since. */
const OLD_LABELS: Readonly<Record<string, string>> = { pod_name: 'pod', container_name: 'container' };

export const selectorInvalid: RuleCheck = {
  id: 'selector-invalid',
  title: 'Every seriesQuery is a series selector',
  severity: 'error',
  *run({ subjects }) {
    for (const subject of subjects) {
      if (subject.selectorProblem === undefined) continue;
      const empty = subject.source.seriesQuery === '';
      const rest =
        'Prometheus refuses it at every listing, and the adapter then lists no metric of any rule of this API';
      yield {
        field: fieldOf(subject, 'seriesQuery'),
        message: empty ? `it is missing; ${rest}` : `${subject.selectorProblem}; ${rest}`,
        fix: 'write a series selector, such as http_requests_total{namespace!="",pod!=""}',
      };
    }
  },
};

export const selectorTooWide: RuleCheck = {
  id: 'selector-too-wide',
  title: 'No seriesQuery selects nearly everything',
  severity: 'warning',
  *run({ subjects }) {
    for (const subject of subjects) {
      const { selector } = subject;
      if (!selector || selector.length === 0 || selector.some(isSelective)) continue;
      yield {
        field: fieldOf(subject, 'seriesQuery'),
        message:
          'it selects nearly every series of Prometheus: the adapter loads them all at every listing, which takes gigabytes where there are many',
        fix: 'name the series that autoscalers need: {__name__=~"http_requests_total|queue_depth",namespace!=""}',
      };
    }
  },
};

/** Whether a matcher leaves few series: it wants certain values, or values of a certain form. */
function isSelective(matcher: Matcher): boolean {
  const isPositive = matcher.operator === '=' || matcher.operator === '=~';
  return isPositive && !matcher.matches('') && !matcher.matches(UNHEARD_OF);
}

export const matcherNotRegexp: RuleCheck = {
  id: 'matcher-not-regexp',
  title: 'Regular expressions are compared with =~ and !~',
  severity: 'warning',
  *run({ subjects, queries }) {
    for (const subject of subjects) yield* literalPatterns(subject, 'seriesQuery', subject.selector ?? []);
    for (const { subject, result } of queries) {
      if (result.kind !== 'read') continue;
      yield* literalPatterns(
        subject,
        'metricsQuery',
        result.uses.flatMap(({ matchers }) => matchers),
      );
    }
  },
};

function* literalPatterns(subject: RuleSubject, field: string, matchers: readonly Matcher[]) {
  for (const { label, operator, value } of matchers) {
    if ((operator !== '=' && operator !== '!=') || !REGEXP_LIKE.test(value)) continue;
    const meant = operator === '=' ? '=~' : '!~';
    yield {
      field: fieldOf(subject, field),
      message: `${label}${operator}"${value}" compares with that very text, not with a regular expression`,
      fix: `write ${label}${meant}"${value}"`,
    };
  }
}

export const oldCadvisorLabels: RuleCheck = {
  id: 'old-cadvisor-labels',
  title: "Rules about cadvisor's series use the labels that they have since Kubernetes 1.16",
  severity: 'error',
  *run({ subjects, queries }) {
    for (const subject of subjects) {
      if (!isAboutContainers(subject)) continue;
      const selected = (subject.selector ?? []).filter((matcher) => !matcher.matches(''));
      yield* oldLabels(
        subject,
        ['seriesQuery'],
        selected.map(({ label }) => label),
      );
      for (const label of Object.keys(subject.source.resources.overrides)) {
        yield* oldLabels(subject, ['resources', 'overrides', label], [label]);
      }
      const uses = queries
        .filter((query) => query.subject === subject)
        .flatMap(({ result }) => (result.kind === 'read' ? result.uses : []));
      const overridden = Object.keys(subject.source.resources.overrides);
      const used = uses.flatMap(({ matchers, groupings }) => [
        ...matchers.filter((matcher) => !matcher.matches('')).map(({ label }) => label),
        ...groupings.flatMap(({ labels }) => labels),
      ]);
      yield* oldLabels(
        subject,
        ['metricsQuery'],
        used.filter((label) => !overridden.includes(label)),
      );
    }
  },
};

function* oldLabels(subject: RuleSubject, field: readonly string[], labels: readonly string[]) {
  for (const label of new Set(labels)) {
    const now = Object.hasOwn(OLD_LABELS, label) ? OLD_LABELS[label] : undefined;
    if (now === undefined) continue;
    yield {
      field: fieldOf(subject, ...field),
      message: `cadvisor's series have no label ${label} since Kubernetes 1.16, so nothing is found by it`,
      fix: `write ${now}`,
    };
  }
}

/** Whether every name that the rule takes begins with `container_`. */
function isAboutContainers(subject: RuleSubject): boolean {
  const others = { regexp: '^container_', anchored: false, wanted: false };
  return subject.example.kind === 'found' && searchNames(subject, others).kind === 'none';
}
