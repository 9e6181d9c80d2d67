import { didYouMean } from '../../did-you-mean';
import { keepsLabel, type SelectorUse, typeOf } from '../../promql';
import { type GroupResource, groupResourceText, isRootScoped } from '../../rules';
import { type RuleCheck, type RuleCheckContext } from '../check';
import {
  type QueryResult,
  labelOf,
  NAMESPACES,
  SAMPLE_NAME,
  SAMPLE_NAMESPACE,
  type SampleQuery,
} from '../queries';
import { fieldOf, type RuleSubject } from '../subject';

const VARIABLES = ['.Series', '.LabelMatchers', '.GroupBy', '.LabelValuesByName', '.GroupBySlice'];

type ReadSample = SampleQuery & { readonly result: QueryResult & { readonly kind: 'read' } };

function readSamples({ queries }: RuleCheckContext): readonly ReadSample[] {
  return queries.filter((query): query is ReadSample => query.result.kind === 'read');
}

export const queryNotBuilt: RuleCheck = {
  id: 'query-not-built',
  title: 'The metricsQuery of every rule gives a query',
  severity: 'error',
  *run({ queries }) {
    for (const query of queries) {
      const { subject, result } = query;
      // What lacks the label of the namespace is a finding of its own.
      if (result.kind !== 'not built' || lacksNamespaceLabel(query)) continue;
      const problem = result.problem.replace(/^.*?metricsQuery: /, '');
      const field = /field \.?(\w+)/.exec(problem)?.[1];
      const near = field === undefined ? '' : didYouMean(`.${field}`, VARIABLES);
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `${problem}; every request for the metric is answered with an error`,
        fix: `write sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>) or the like${near}`,
      };
    }
  },
};

/** Whether a request names a namespace, and the rule knows no label for it. */
function lacksNamespaceLabel(query: SampleQuery): boolean {
  const { subject, rule } = query;
  const isNeeded =
    subject.api === 'external' ? subject.source.resources.namespaced : isAboutNamespaced(query);
  return isNeeded && labelOf(rule, NAMESPACES) === undefined;
}

export const leadingComma: RuleCheck = {
  id: 'leading-comma',
  title: 'Queries are valid when there is nothing to select by',
  severity: 'error',
  *run({ queries }) {
    for (const { subject, result, request } of queries) {
      if (request !== 'external without selector' || result.kind !== 'not read') continue;
      if (!isRead(queries, { subject, request: 'external' })) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `an autoscaler without a selector makes it ${result.text}, which is no PromQL: ${result.problem}`,
        fix: 'put <<.LabelMatchers>> behind the other matchers: {x="y",<<.LabelMatchers>>}',
      };
    }
  },
};

function isRead(queries: readonly SampleQuery[], wanted: Pick<SampleQuery, 'subject' | 'request'>): boolean {
  return queries.some(
    ({ subject, request, result }) =>
      subject === wanted.subject && request === wanted.request && result.kind === 'read',
  );
}

export const queryInvalid: RuleCheck = {
  id: 'query-invalid',
  title: 'The metricsQuery of every rule gives PromQL',
  severity: 'error',
  *run({ queries }) {
    const invalid = queries.filter(({ subject, result, request }) => {
      if (result.kind !== 'not read' || result.notUnderstood) return false;
      // What is only wrong without a selector is a finding of its own.
      return request !== 'external without selector' || !isRead(queries, { subject, request: 'external' });
    });
    for (const { subject, result } of onePerRule(invalid)) {
      if (result.kind !== 'not read') continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `it gives ${oneLine(result.text)}, which is no PromQL: ${result.problem}`,
        fix: 'correct the query at that place of the result',
      };
    }
  },
};

/** The first query of each rule, or one about objects in namespaces, which tells more than one about namespaces. */
function onePerRule<S extends SampleQuery>(samples: readonly S[]): S[] {
  const found = new Map<RuleSubject, S>();
  for (const sample of samples) {
    const before = found.get(sample.subject);
    if (!before || (isAboutNamespaced(sample) && !isAboutNamespaced(before)))
      found.set(sample.subject, sample);
  }
  return [...found.values()];
}

export const queryNotUnderstood: RuleCheck = {
  id: 'query-not-understood',
  title: 'The query of every rule is understood',
  severity: 'info',
  *run({ queries }) {
    for (const { subject, result } of queries) {
      if (result.kind !== 'not read' || !result.notUnderstood) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `${result.problem}; the query ${oneLine(result.text)} is not verified`,
        fix: 'try the query in Prometheus',
      };
    }
  },
};

export const queryType: RuleCheck = {
  id: 'query-type',
  title: 'Queries give vectors, those of external metrics vectors or scalars',
  severity: 'error',
  *run(context) {
    for (const { subject, result } of readSamples(context)) {
      const type = typeOf(result.expr);
      if (type === 'instant vector' || (type === 'scalar' && subject.api === 'external')) continue;
      const fix =
        type === 'range vector'
          ? 'make one value of each range: rate(…[2m]), avg_over_time(…[2m])'
          : 'ask for series: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)';
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `it gives a ${type}: the adapter answers every request with an error`,
        fix,
      };
    }
  },
};

export const queryDropsObject: RuleCheck = {
  id: 'query-drops-object',
  title: 'The results of queries keep a label that names objects',
  severity: 'error',
  *run(context) {
    for (const { subject, dropped, kept } of labelsOfResults(context)) {
      const [sample] = onePerRule(dropped);
      if (!sample || kept.length > 0) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `its result has no label ${sample.label}, so the adapter finds no value for any of the ${groupResourceText(sample.resource)} that it is asked for`,
        fix: 'aggregate with by (<<.GroupBy>>)',
      };
    }
  },
};

export const queryDropsSomeObjects: RuleCheck = {
  id: 'query-drops-some-objects',
  title: 'The results of queries keep the labels of all resources that a rule is about',
  severity: 'warning',
  *run(context) {
    for (const { subject, dropped, kept } of labelsOfResults(context)) {
      if (dropped.length === 0 || kept.length === 0) continue;
      const labels = dropped.map(({ label }) => label).join(', ');
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `its result has no label ${labels}: the metric has values for ${resourcesText(kept)}, but is listed without any for ${resourcesText(dropped)}`,
        fix: 'aggregate with by (<<.GroupBy>>)',
      };
    }
  },
};

type LabelledSample = ReadSample & { readonly resource: GroupResource; readonly label: string };

/** For each rule, which of the resources that it is asked for lose their label in its query, and which keep it. */
function labelsOfResults(context: RuleCheckContext) {
  const samples = readSamples(context).flatMap((sample): LabelledSample[] => {
    const { rule, resource } = sample;
    const label = resource && labelOf(rule, resource);
    return resource && label !== undefined ? [{ ...sample, resource, label }] : [];
  });
  return context.subjects.map((subject) => {
    const own = samples.filter((sample) => sample.subject === subject);
    const isKept = ({ result, label }: LabelledSample): boolean => keepsLabel(result.expr, label);
    return { subject, dropped: own.filter((one) => !isKept(one)), kept: own.filter(isKept) };
  });
}

function resourcesText(samples: readonly LabelledSample[]): string {
  return samples.map(({ resource }) => groupResourceText(resource)).join(', ');
}

export const matchersMissing: RuleCheck = {
  id: 'matchers-missing',
  title: 'Queries about objects in namespaces select the objects that are asked for',
  severity: 'error',
  *run(context) {
    for (const sample of readSamples(context)) {
      if (!isAboutNamespaced(sample) || boundUses(sample).length > 0) continue;
      yield {
        field: fieldOf(sample.subject, 'metricsQuery'),
        message:
          'it does not select by the namespace and name that are asked for: objects of one name in all namespaces get the same value, that of other teams among them',
        fix: 'write {<<.LabelMatchers>>} behind the name of the series',
      };
    }
  },
};

export const matchersPartial: RuleCheck = {
  id: 'matchers-partial',
  title: 'Every selector of a query selects the namespace that is asked for',
  severity: 'warning',
  *run(context) {
    for (const sample of readSamples(context)) {
      const { subject, result } = sample;
      const bound = boundUses(sample);
      const other = result.uses.find((use) => !bound.includes(use) && !selectsNamespace(sample, use));
      if (!isAboutNamespaced(sample) || bound.length === 0 || !other) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: `${other.name ?? 'one of its selectors'} is read in all namespaces, so objects of one name in other namespaces count as well`,
        fix: 'write {<<.LabelMatchers>>} behind it too, or select the namespace: {namespace="<<index .LabelValuesByName "namespace">>"}',
      };
    }
  },
};

export const externalMatchersMissing: RuleCheck = {
  id: 'external-matchers-missing',
  title: 'Queries of external metrics select what autoscalers ask for',
  severity: 'warning',
  *run(context) {
    for (const { subject, request, result } of readSamples(context)) {
      if (request !== 'external') continue;
      const asked = result.uses.some(({ matchers }) => matchers.some(({ label }) => label === 'label'));
      if (asked) continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message:
          'it does not use what autoscalers select by: selector and namespace of the metric change nothing',
        fix: 'write {<<.LabelMatchers>>} behind the name of the series',
      };
    }
  },
};

export const externalGroupBy: RuleCheck = {
  id: 'external-group-by',
  title: 'Queries of external metrics name the labels that they group by',
  severity: 'warning',
  *run({ subjects }) {
    for (const subject of subjects) {
      if (
        subject.api === 'custom' ||
        !subject.compiled ||
        !/\.GroupBy(Slice)?\b/.test(subject.source.metricsQuery)
      )
        continue;
      yield {
        field: fieldOf(subject, 'metricsQuery'),
        message: '.GroupBy is always empty for external metrics: by () makes one value of all series',
        fix: 'leave the by-clause out if one value is meant, or name labels: by (queue)',
      };
    }
  },
};

/** Requests for the metrics of nodes and namespaces as objects name no namespace. */
function isAboutNamespaced({ resource }: SampleQuery): boolean {
  return resource !== undefined && !isRootScoped(resource);
}

/** Selectors that want the name that is asked for, and the namespace. */
function boundUses(sample: ReadSample): readonly SelectorUse[] {
  const { rule, resource, result } = sample;
  const label = resource && labelOf(rule, resource);
  return result.uses.filter((use) => wants(use, label, SAMPLE_NAME) && selectsNamespace(sample, use));
}

function selectsNamespace({ rule }: ReadSample, use: SelectorUse): boolean {
  return wants(use, labelOf(rule, NAMESPACES), SAMPLE_NAMESPACE);
}

function wants({ matchers }: SelectorUse, label: string | undefined, value: string): boolean {
  return matchers.some((matcher) => matcher.label === label && matcher.value.includes(value));
}

/** A query as it reads in a sentence. */
function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
