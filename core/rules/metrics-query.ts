import { UsageError } from '../errors';
import { type Selector } from '../kube/selector';
import { type GroupResource } from './config';
import { NAMESPACES } from './group-resource';
import { type LabelMatcher, matcherText, nameMatcher, selectorMatchers } from './label-matchers';
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

/** `metricsQuery` of one rule, compiled (prometheus-adapter `metrics_query.go`). */
export class MetricsQuery {
  private constructor(
    private readonly template: GoTemplate,
    private readonly labels: ResourceLabels,
    private readonly namespaced: boolean,
    private readonly what: string,
  ) {}

  /**
   * @param namespaced whether external queries are confined to the namespace of the request
   * @param what names the template in errors
   * @throws NotSupportedError, UsageError as {@link GoTemplate.parse}
   */
  static compile(source: string, labels: ResourceLabels, namespaced: boolean, what: string): MetricsQuery {
    return new MetricsQuery(GoTemplate.parse(source, what), labels, namespaced, what);
  }

  /**
   * PromQL for the metric of objects. Matchers stand in upstream's order: metric selector, namespace, objects.
   * @throws UsageError if no label names the resource or its namespace, or the template fails or yields nothing
   */
  forObjects(series: string, query: ObjectsQuery): string {
    const label = this.labels.labelFor(query.resource);
    const matchers = [
      ...selectorMatchers(query.metricSelector),
      ...this.namespaceMatcher(query.namespace),
      nameMatcher(label, query.names),
    ];
    return this.render(series, matchers, [label, ...(query.extraGroupBy ?? [])]);
  }

  /**
   * PromQL for an external metric; there is nothing to group by.
   * @throws UsageError as {@link forObjects}
   */
  forExternal(series: string, { namespace, selector }: ExternalQuery): string {
    const matchers = [
      ...selectorMatchers(selector),
      ...this.namespaceMatcher(this.namespaced ? namespace : undefined),
    ];
    return this.render(series, matchers, []);
  }

  private namespaceMatcher(namespace: string | undefined): LabelMatcher[] {
    return namespace ? [nameMatcher(this.labels.labelFor(NAMESPACES), [namespace])] : [];
  }

  private render(series: string, matchers: readonly LabelMatcher[], groupBy: readonly string[]): string {
    const query = this.template.render({
      Series: series,
      LabelMatchers: matchers.map(matcherText).join(','),
      LabelValuesByName: new Map(matchers.map(({ label, values }) => [label, values])),
      GroupBy: groupBy.join(','),
      GroupBySlice: groupBy,
    });
    if (query === '') throw new UsageError(`${this.what}: empty query produced by metrics query template`);
    return query;
  }
}
