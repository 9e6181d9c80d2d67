import { RESOURCE_METRICS_GROUP } from '../chain';
import type { Inventory } from '../kube/inventory';
import { groupOf, refOf, refText } from '../kube/object';
import { groupResourceText, isRootScoped } from '../rules';
import { servingContainers } from '../kube/endpoints';
import type { Check } from './check';
import type { CheckContext } from './context';
import { didYouMean } from '../did-you-mean';
import { ANY_VALUE, exportedNames } from './exported-series';
import type { MetricLink, MetricRequest, Source } from './metric-links';
import { sourceOfRule } from './rule-books';

export const metricsApiMissing: Check = {
  id: 'metrics-api-missing',
  title: 'The API of every custom and external metric is served',
  severity: 'error',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'no-api' || request.api === 'resource') continue;
      yield {
        object: request.autoscaler.ref,
        message: `metric "${request.metric}" is of ${request.group}, which no APIService serves`,
        fix: `add an APIService of ${request.group} for the metrics adapter`,
      };
    }
  },
};

export const resourceMetricsApiMissing: Check = {
  id: 'resource-metrics-api-missing',
  title: 'The API of resource metrics is served',
  severity: 'warning',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'no-api' || request.api !== 'resource') continue;
      yield {
        object: request.autoscaler.ref,
        message: `metric "${request.metric}" is of ${RESOURCE_METRICS_GROUP}, which no APIService among the objects serves`,
        fix: 'add metrics-server, unless the cluster brings it',
      };
    }
  },
};

export const metricWithoutRule: Check = {
  id: 'metric-without-rule',
  title: 'A rule of the adapter gives every metric of an autoscaler',
  severity: 'error',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'no-rule') continue;
      const others = [...new Set(source.others)];
      yield {
        object: request.autoscaler.ref,
        message:
          `no rule in ${refText(source.book.ref)} gives metric "${request.metric}"` +
          didYouMean(request.metric, others),
        fix: `add a rule whose name.as gives "${request.metric}", or set the metric to one of ${others.join(', ') || 'those that rules give'}`,
      };
    }
  },
};

export const seriesNotScraped: Check = {
  id: 'series-not-scraped',
  title: 'The series behind every metric of an autoscaler are scraped',
  severity: 'error',
  *run(context) {
    for (const { request, source } of context.metrics) {
      if (source.state !== 'no-series') continue;
      yield {
        object: source.book.ref,
        message: `${source.rule.path} makes "${request.metric}" of ${source.series}, but ${whyNoSeries(source, context)}`,
        fix: `monitor a program that exports ${source.series}, or correct seriesQuery of ${source.rule.path}`,
      };
    }
  },
};

function whyNoSeries(
  { series, book, rule }: Source & { readonly state: 'no-series' },
  context: CheckContext,
): string {
  const scrape = sourceOfRule(book, rule)?.scrape;
  const scraped = scrape?.series ?? [];
  const server = scrape ? refText(refOf(scrape.prometheus)) : 'Prometheus';
  if (scraped.some(({ name }) => name === series)) {
    return `${server} has it with other labels than ${rule.source.seriesQuery.trim()} wants`;
  }
  const exporter = context.podMakers.find((workload) =>
    servingContainers(workload.spec.template.spec).some((container) => {
      const contract = context.programs.of(workload, container)?.exports;
      return contract !== undefined && exportedNames(contract).includes(series);
    }),
  );
  if (exporter) return `${server} does not get it from ${refText(refOf(exporter))}, which exports it`;
  return `nothing that ${server} scrapes exports ${series}${didYouMean(series, new Set(scraped.map(({ name }) => name)))}`;
}

export const seriesLabelMissing: Check = {
  id: 'series-label-missing',
  title: 'The series behind a metric have the labels that its rule maps',
  severity: 'error',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'no-label') continue;
      const { rule, series, book } = source;
      const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].filter(
        (label) => label !== '__name__',
      );
      const mapped = Object.keys(rule.source.resources.overrides);
      const hint = mapped
        .filter((label) => !labels.includes(label))
        .map((label) => didYouMean(label, labels));
      yield {
        object: book.ref,
        message:
          `${rule.path} makes "${request.metric}" of ${series[0]?.name}, but maps no label of it to ` +
          `${request.resource ? groupResourceText(request.resource) : 'the described object'}: it has ${labels.join(', ')}` +
          (hint.find((text) => text !== '') ?? ''),
        fix: `set resources.overrides of ${rule.path} to labels that ${series[0]?.name} has`,
      };
    }
  },
};

export const metricOfOtherPods: Check = {
  id: 'metric-of-other-pods',
  title: 'A Pods metric is of the pods that the autoscaler scales',
  severity: 'error',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'served' || request.resource?.resource !== 'pods') continue;
      const { autoscaler } = request;
      const label = source.rule.labelFor(request.resource);
      const { target } = autoscaler;
      if (!target || source.series.some((series) => series.labels[label] === ANY_VALUE)) continue;
      const scraped = source.series.flatMap(({ from }) => from.workload ?? []);
      const [other] = scraped;
      if (!other || scraped.some((workload) => refText(refOf(workload)) === refText(refOf(target)))) continue;
      const renamed = source.series.some((series) => series.labels[`exported_${label}`] !== undefined);
      yield {
        object: source.book.ref,
        message:
          `${source.rule.path} takes label ${label} for the pod, but on ${source.series[0]?.name} that is the scraped pod, ` +
          `one of ${refText(refOf(other))} and not of ${refText(refOf(target))}`,
        fix: renamed
          ? `set honorLabels: true on the endpoint that scrapes ${refText(refOf(other))}, or map exported_${label}`
          : `map the label that names the pods of ${refText(refOf(target))} in resources.overrides of ${source.rule.path}`,
      };
    }
  },
};

export const metricNotVerified: Check = {
  id: 'metric-not-verified',
  title: 'The source of every metric of an autoscaler can be verified',
  severity: 'info',
  *run({ metrics }) {
    for (const { request, source } of metrics) {
      if (source.state !== 'not-verified' || request.api === 'resource') continue;
      yield {
        object: request.autoscaler.ref,
        message: `where metric "${request.metric}" comes from is not verified: ${source.reason}`,
        fix: `ask the cluster: kubectl get --raw /apis/${request.group}`,
      };
    }
  },
};

export const describedObjectMissing: Check = {
  id: 'described-object-missing',
  title: 'The object of every Object metric exists',
  severity: 'error',
  *run({ metrics, inventory }) {
    for (const link of describing(metrics)) {
      const { request, describedObject } = link;
      if (isClusterScoped(request, inventory) || describedObject.kind === 'Namespace') continue;
      const { apiVersion = '', kind, name } = describedObject;
      const names = inventory
        .ofKind(groupOf(apiVersion), kind)
        .filter(({ metadata }) => (metadata.namespace ?? 'default') === request.autoscaler.namespace)
        .map(({ metadata }) => metadata.name);
      if (names.includes(name)) continue;
      yield {
        object: request.autoscaler.ref,
        message: `metric "${request.metric}" is of ${kind} ${request.autoscaler.namespace}/${name}, which does not exist${didYouMean(name, names)}`,
        fix: `set describedObject to an object of namespace ${request.autoscaler.namespace}, with its apiVersion`,
      };
    }
  },
};

export const describedObjectClusterScoped: Check = {
  id: 'described-object-cluster-scoped',
  title: 'The object of every Object metric is in the namespace of the autoscaler',
  severity: 'error',
  *run({ metrics, inventory }) {
    for (const { request, describedObject } of describing(metrics)) {
      if (!isClusterScoped(request, inventory)) continue;
      yield {
        object: request.autoscaler.ref,
        message: `metric "${request.metric}" is of ${describedObject.kind} ${describedObject.name}, but the controller asks for metrics inside its namespace only`,
        fix: 'describe a namespaced object, or use an External metric',
      };
    }
  },
};

function describing(metrics: readonly MetricLink[]) {
  return metrics.flatMap(({ request }) => {
    const { describedObject } = request;
    return describedObject ? [{ request, describedObject }] : [];
  });
}

/** A Namespace is asked for in another way: as the metric of the autoscaler's own namespace. */
function isClusterScoped({ resource, describedObject }: MetricRequest, { apiResources }: Inventory): boolean {
  if (!resource || !describedObject || describedObject.kind === 'Namespace') return false;
  return isRootScoped(resource) || apiResources.find(resource.group, resource.resource)?.namespaced === false;
}
