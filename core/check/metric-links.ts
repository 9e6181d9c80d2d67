import type { KnownMetric } from '../adapter';
import { METRICS_API_GROUPS, RESOURCE_METRICS_GROUP } from '../chain';
import type { MetricSpec } from '../hpa';
import type { Inventory } from '../kube/inventory';
import { groupOf } from '../kube/object';
import type { LabelSelector } from '../kube/selector';
import { groupResourceText, type CompiledRule, type GroupResource } from '../rules';
import type { Autoscaler } from './autoscalers';
import { namesWanted, seriesOfRule, sourceOfRule, wantsName, type RuleBook } from './rule-books';
import { recordedNames } from './recordings';
import type { Scrape, ScrapedSeries } from './scrapes';

/** What an autoscaler asks for. */
export interface MetricRequest {
  readonly autoscaler: Autoscaler;
  readonly api: 'custom' | 'external' | 'resource';
  readonly group: string;
  readonly metric: string;
  /** `metric.selector`, on the labels of the series. */
  readonly selector?: LabelSelector | undefined;
  /** What the metric is of, for a custom one; absent if the cluster does not serve its kind. */
  readonly resource?: GroupResource | undefined;
  readonly describedObject?:
    { readonly apiVersion?: string | undefined; readonly kind: string; readonly name: string } | undefined;
}

/** How far the way from a metric to series leads. */
export type Source =
  | { readonly state: 'no-api' }
  /** The API is served, by something whose rules or series are not known. */
  | { readonly state: 'not-verified'; readonly reason: string }
  /** No rule gives a metric of this name; `others` are those that rules give. */
  | { readonly state: 'no-rule'; readonly book: RuleBook; readonly others: readonly string[] }
  /** A rule gives it, from a series that nothing yields. */
  | {
      readonly state: 'no-series';
      readonly book: RuleBook;
      readonly rule: CompiledRule;
      readonly series: string;
    }
  /** The series is there, but no label of it names objects of the kind. */
  | {
      readonly state: 'no-label';
      readonly book: RuleBook;
      readonly rule: CompiledRule;
      readonly series: readonly ScrapedSeries[];
    }
  | {
      readonly state: 'served';
      readonly book: RuleBook;
      readonly rule: CompiledRule;
      readonly series: readonly ScrapedSeries[];
    };

/** A metric of an autoscaler and its source. */
export interface MetricLink {
  readonly request: MetricRequest;
  readonly source: Source;
}

/**
 * Follows every metric of every autoscaler to its series.
 * @param exportable names of series that programs among the objects export, scraped or not
 */
export function metricLinksOf(
  autoscalers: readonly Autoscaler[],
  books: readonly RuleBook[],
  inventory: Inventory,
  exportable: readonly string[],
): readonly MetricLink[] {
  const served = new Set(inventory.apiServices.map(({ spec }) => spec.group));
  const recorded = recordedNames(inventory);
  return autoscalers.flatMap((autoscaler) =>
    autoscaler.metrics
      .filter((metric) => !isKedas(autoscaler, metric))
      .map((metric) => {
        const request = requestOf(autoscaler, metric, inventory);
        const source: Source = served.has(request.group)
          ? sourceOf(request, books, { recorded, exportable })
          : { state: 'no-api' };
        return { request, source };
      }),
  );
}

/** The external metrics of what KEDA makes come from its triggers, not from rules. */
function isKedas({ made }: Autoscaler, { type }: MetricSpec): boolean {
  return made && type === 'External';
}

function requestOf(autoscaler: Autoscaler, metric: MetricSpec, inventory: Inventory): MetricRequest {
  const custom = { autoscaler, api: 'custom', group: METRICS_API_GROUPS.custom } as const;
  const resource = { autoscaler, api: 'resource', group: RESOURCE_METRICS_GROUP } as const;
  switch (metric.type) {
    case 'Resource':
      return { ...resource, metric: metric.resource.name };
    case 'ContainerResource':
      return { ...resource, metric: metric.containerResource.name };
    case 'External':
      return {
        autoscaler,
        api: 'external',
        group: METRICS_API_GROUPS.external,
        metric: metric.external.metric.name,
        selector: metric.external.metric.selector,
      };
    case 'Pods':
      return {
        ...custom,
        metric: metric.pods.metric.name,
        selector: metric.pods.metric.selector,
        resource: { group: '', resource: 'pods' },
      };
    case 'Object': {
      const { describedObject } = metric.object;
      const { apiVersion = '', kind } = describedObject;
      const found = inventory.apiResources.findKind(groupOf(apiVersion), kind);
      return {
        ...custom,
        metric: metric.object.metric.name,
        selector: metric.object.metric.selector,
        describedObject,
        resource: found && { group: found.group, resource: found.plural },
      };
    }
  }
}

/** Where series may come from besides what is scraped. */
interface Origins {
  /** Names that PrometheusRules record. */
  readonly recorded: ReadonlySet<string>;
  /** Names that programs export, scraped or not. */
  readonly exportable: readonly string[];
}

function sourceOf(request: MetricRequest, books: readonly RuleBook[], origins: Origins): Source {
  if (request.api === 'resource')
    return { state: 'not-verified', reason: 'resource metrics come from nodes' };
  if (request.api === 'custom' && !request.resource)
    return { state: 'not-verified', reason: `no API serves kind ${request.describedObject?.kind}` };
  const serving = books.filter(({ adapter }) =>
    adapter.apiServices.some(({ spec }) => spec.group === request.group),
  );
  const found = serving.map((book) => sourceIn(book, request, origins));
  return (
    found.find(({ state }) => state === 'served') ??
    found.find(({ state }) => state !== 'no-rule') ??
    found[0] ?? { state: 'not-verified', reason: `what serves ${request.group} is not known` }
  );
}

function sourceIn(book: RuleBook, request: MetricRequest, origins: Origins): Source {
  const { registry } = book;
  if (!registry) return { state: 'not-verified', reason: 'the rules of its adapter are not known' };
  const known = findKnown(book, request);
  if (known) {
    const { rule, series } = known;
    return { state: 'served', book, rule, series: seriesOfRule(book, rule, series) };
  }
  const rules = registry.rules.filter(({ api }) => api === request.api);
  const exposing = rules.flatMap((rule) =>
    seriesFor(book, rule, request.metric, origins).map((series) => ({ rule, series })),
  );
  const withSeries = exposing
    .map(({ rule, series }) => ({ rule, series: seriesOfRule(book, rule, series) }))
    .find(({ series }) => series.length > 0);
  if (withSeries) return { state: 'no-label', book, ...withSeries };
  const [first] = exposing;
  if (!first && rules.every((rule) => namesWanted(rule).length > 0)) return noRule(book, rules, origins);
  const doubt = first
    ? (doubtAboutRule(book, first.rule, first.series) ??
      (origins.recorded.has(first.series) ? RECORDED : undefined))
    : rules
        .filter((rule) => namesWanted(rule).length === 0)
        .map((rule) => doubtAboutRule(book, rule, undefined))
        .find((reason) => reason !== undefined);
  if (doubt !== undefined) return { state: 'not-verified', reason: doubt };
  return first ? { state: 'no-series', book, ...first } : noRule(book, rules, origins);
}

export const RECORDED = 'a PrometheusRule records its series';

function noRule(book: RuleBook, rules: readonly CompiledRule[], origins: Origins): Source {
  return { state: 'no-rule', book, others: rules.flatMap((rule) => metricsOf(book, rule, origins)) };
}

function doubtAboutRule(book: RuleBook, rule: CompiledRule, series: string | undefined): string | undefined {
  const source = sourceOfRule(book, rule);
  // That of the flags has a finding of its own.
  return source?.name !== '' && source?.address && 'reason' in source.address
    ? `the source of ${rule.path}, ${source.name}, ${source.address.reason}`
    : doubtAbout(source?.scrape, series);
}

/** Why a Prometheus may have series that are not known here: one of this name, or any. */
export function doubtAbout(scrape: Scrape | undefined, series: string | undefined): string | undefined {
  if (!scrape) return 'what its Prometheus scrapes is not known';
  const unknown = scrape.targets.find(({ known, mayGive }) =>
    series === undefined ? !known : mayGive(series),
  );
  if (scrape.problem !== undefined || !unknown) return scrape.problem;
  const image = unknown.container?.image ?? 'a container without image';
  return `no known program exports its series, but it is not known what ${image} exports`;
}

function findKnown({ registry }: RuleBook, request: MetricRequest): KnownMetric | undefined {
  if (request.api === 'external') return registry?.findExternal(request.metric);
  const { resource } = request;
  // A metric of a Namespace is not asked for inside a namespace.
  return (
    resource && registry?.findCustom(resource, groupResourceText(resource) !== 'namespaces', request.metric)
  );
}

/** Names of series that a rule makes a metric of this name from. */
function seriesFor(book: RuleBook, rule: CompiledRule, metric: string, origins: Origins): string[] {
  return candidates(book, rule, origins).filter((name) => {
    const naming = rule.nameOf(name);
    return naming.accepted && naming.metric === metric;
  });
}

function metricsOf(book: RuleBook, rule: CompiledRule, origins: Origins): string[] {
  return candidates(book, rule, origins).flatMap((name) => {
    const naming = rule.nameOf(name);
    return naming.accepted ? [naming.metric] : [];
  });
}

/** Names of series that the rule wants, that it selects, or that it would select if they were scraped. */
function candidates({ registry }: RuleBook, rule: CompiledRule, { exportable }: Origins): string[] {
  const listed = registry?.discovery(rule)?.series ?? [];
  const names = [...namesWanted(rule), ...listed.flatMap((labels) => labels['__name__'] ?? [])];
  return [...new Set([...names, ...exportable.filter((name) => wantsName(rule, name))])];
}
