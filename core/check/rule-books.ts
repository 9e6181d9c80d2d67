import type { Registry, SeriesListing } from '../adapter';
import { adapterStartProblem, registryAtStart, type AdapterDeployment } from '../chain';
import { messageOf, NotSupportedError } from '../errors';
import { findServicePort, workloadsBehind } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import { refOf, type ObjectRef } from '../kube/object';
import { parseSelector, type Matcher } from '../promql';
import { parseAdapterConfig, type CompiledRule } from '../rules';
import { canMatch } from './exported-series';
import type { Scrape, ScrapedSeries } from './scrapes';

/** An adapter with its rules, applied to the series that its Prometheus will have. */
export interface RuleBook {
  readonly adapter: AdapterDeployment;
  /** The ConfigMap that holds the rules; the adapter's APIService where there is none. */
  readonly ref: ObjectRef;
  readonly registry?: Registry | undefined;
  /** Why the adapter does not start, or why its rules are not understood. */
  readonly problem?: { readonly message: string; readonly notUnderstood: boolean } | undefined;
  /** The Prometheus that it asks; absent if that is not one that the Prometheus Operator configures. */
  readonly scrape?: Scrape | undefined;
}

/** The rules of every adapter. */
export function ruleBooksOf(
  adapters: readonly AdapterDeployment[],
  scrapes: readonly Scrape[],
  inventory: Inventory,
): readonly RuleBook[] {
  return adapters.flatMap((adapter) => {
    const { config, apiServices } = adapter;
    const owner = config?.configMap ?? apiServices[0];
    if (!owner) return [];
    const scrape = scrapeBehind(adapter, scrapes, inventory);
    return [{ adapter, ref: refOf(owner), scrape, ...readRules(adapter, scrape, inventory) }];
  });
}

function readRules(
  { config, flags, program }: AdapterDeployment,
  scrape: Scrape | undefined,
  inventory: Inventory,
): Pick<RuleBook, 'registry' | 'problem'> {
  if (!config || !flags) return {};
  try {
    const parsed = parseAdapterConfig(config.text, config.key);
    // What can be asked for without a listing has no value all the same as long as there are no series.
    const registry = registryAtStart(program, parsed, inventory.apiResources, 'upstream');
    const message = adapterStartProblem(program, flags, parsed);
    return {
      registry: registry.updated(listings(registry, program, scrape?.series ?? [])),
      ...(message === undefined ? {} : { problem: { message, notUnderstood: false } }),
    };
  } catch (error) {
    return {
      problem: { message: messageOf(error), notUnderstood: error instanceof NotSupportedError },
    };
  }
}

/** What Prometheus will answer to the adapter's listings. */
function listings(
  registry: Registry,
  program: AdapterDeployment['program'],
  series: readonly ScrapedSeries[],
): Map<string, SeriesListing> {
  return new Map(
    registry.listings().map(({ key, selector }): [string, SeriesListing] => {
      try {
        return [key, selectSeries(parseSelector(selector), series).map(({ labels }) => labels)];
      } catch (error) {
        // Upstream lists nothing of an API if one of its selectors is refused.
        if (program === 'prometheus-adapter') throw error;
        return [key, { error: messageOf(error) }];
      }
    }),
  );
}

/** The series that a selector can select. */
function selectSeries(
  matchers: readonly Matcher[],
  series: readonly ScrapedSeries[],
): readonly ScrapedSeries[] {
  return series.filter(({ labels }) => matchers.every((matcher) => canMatch(matcher, labels)));
}

/** The series of a name that a rule is about. */
export function seriesOfRule(book: RuleBook, rule: CompiledRule, name: string): readonly ScrapedSeries[] {
  return rule.selector
    ? selectSeries(rule.selector, book.scrape?.series ?? []).filter((series) => series.name === name)
    : [];
}

/** Names of series that a rule is about, whether they exist or not, as far as its selector lists them. */
export function namesWanted(rule: CompiledRule): readonly string[] {
  return (rule.selector ?? [])
    .filter(({ label }) => label === '__name__')
    .flatMap(({ possibleValues }) => [...(possibleValues ?? [])]);
}

/** Whether the selector of a rule lets series of a name through. */
export function wantsName(rule: CompiledRule, name: string): boolean {
  const { selector } = rule;
  return (
    selector !== undefined &&
    selector.every((matcher) => matcher.label !== '__name__' || matcher.matches(name))
  );
}

/** The workloads that an adapter's Prometheus address leads to. */
export function prometheusBehind(
  { prometheus }: AdapterDeployment,
  inventory: Inventory,
): readonly Workload[] {
  const found =
    prometheus && findServicePort(inventory, prometheus.namespace, prometheus.service, prometheus.port);
  return found ? workloadsBehind(found.service, inventory.workloads) : [];
}

function scrapeBehind(
  adapter: AdapterDeployment,
  scrapes: readonly Scrape[],
  inventory: Inventory,
): Scrape | undefined {
  const [workload] = prometheusBehind(adapter, inventory);
  return workload && scrapes.find((scrape) => isServerOf(workload, scrape));
}

/** Whether a workload is what the operator makes of a Prometheus. */
export function isServerOf(workload: Workload, { server }: Scrape): boolean {
  return workload.metadata.name === server.metadata.name && namespaceOf(workload) === namespaceOf(server);
}
