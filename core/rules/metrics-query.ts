import { UsageError } from '../errors';
import { type Selector } from '../kube/selector';
import { type GroupResource } from './config';
import { NAMESPACES } from './group-resource';
import { type LabelMatcher, matcherText, nameMatcher, selectorMatchers } from './label-matchers';
import { queryArgumentsValue } from './query-arguments';
import { type ResourceLabels } from './resource-labels';
import { GoTemplate } from './template';

/** What a custom metric is asked of. */
export interface ObjectsQuery {
  /** Plural and with its full group. */
  readonly resource: GroupResource;
  /** Absent for root-scoped resources, namespaces among them. */
  readonly namespace?: string | undefined;
  readonly names: readonly string[];
  readonly metricSelector: Selector;
  /** Labels to group by besides that of the resource. */
  readonly extraGroupBy?: readonly string[] | undefined;
}

/** What an external metric is asked of. */
export interface ExternalQuery {
  readonly namespace: string;
  readonly selector: Selector;
}

/** What else a rule says about its queries. */
export interface QueryOptions {
  /** Whether external queries are confined to the namespace of the request. */
  readonly namespaced: boolean;
  /** Whether the names of several objects are escaped. */
  readonly literalNames: boolean;
}

/** `metricsQuery` of one rule, compiled (prometheus-adapter `metrics_query.go`). */
export class MetricsQuery {
  private constructor(
    private readonly template: GoTemplate,
    private readonly labels: ResourceLabels,
    private readonly options: QueryOptions,
    private readonly what: string,
  ) {}

  /**
   * @param what names the template in errors
   * @throws NotSupportedError, UsageError as {@link GoTemplate.parse}
   */
  static compile(source: string, labels: ResourceLabels, options: QueryOptions, what: string): MetricsQuery {
    return new MetricsQuery(GoTemplate.parse(source, 'metrics-query', what), labels, options, what);
  }

  /**
   * PromQL for the metric of objects. Matchers stand in upstream's order: metric selector, namespace, objects.
   * @throws UsageError if no label names the resource or its namespace, or the template fails or yields nothing
   */
  forObjects(series: string, query: ObjectsQuery): string {
    const matchers = [...selectorMatchers(query.metricSelector), ...this.namespaceMatcher(query.namespace)];
    const label = this.labels.labelFor(query.resource);
    matchers.push(nameMatcher(label, query.names, this.options.literalNames));
    return this.render(series, matchers, [label, ...(query.extraGroupBy ?? [])]);
  }

  /**
   * PromQL for an external metric; there is nothing to group by.
   * @throws UsageError as {@link forObjects}
   */
  forExternal(series: string, { namespace, selector }: ExternalQuery): string {
    const matchers = [
      ...selectorMatchers(selector),
      ...this.namespaceMatcher(this.options.namespaced ? namespace : undefined),
    ];
    return this.render(series, matchers, []);
  }

  private namespaceMatcher(namespace: string | undefined): LabelMatcher[] {
    if (!namespace) return [];
    const label = this.labels.labelFor(NAMESPACES);
    if (label === '') throw new UsageError(`${this.what}: label not specified`);
    return [nameMatcher(label, [namespace], false)];
  }

  private render(series: string, matchers: readonly LabelMatcher[], groupBy: readonly string[]): string {
    const query = this.template.render(
      queryArgumentsValue({
        series,
        labelMatchers: matchers.map(matcherText).join(','),
        labelValuesByName: new Map(matchers.map(({ label, values }) => [label, values])),
        groupBy,
      }),
    );
    if (query === '') throw new UsageError(`${this.what}: empty query produced by metrics query template`);
    return query;
  }
}
