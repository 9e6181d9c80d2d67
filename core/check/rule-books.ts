import type { Registry, SeriesListing } from '../adapter';
import { adapterStartProblem, registryAtStart, type AdapterDeployment } from '../chain';
import { messageOf, NotSupportedError } from '../errors';
import type { Inventory } from '../kube/inventory';
import { refOf, type ObjectRef } from '../kube/object';
import { parseSelector, type Matcher } from '../promql';
import { parseAdapterConfig, type CompiledRule, type SourceSettings } from '../rules';
import { canMatch } from './exported-series';
import { ruleSourcesOf, type RuleSource, type RuleSources } from './rule-sources';
import type { Scrape, ScrapedSeries } from './scrapes';

/** An adapter with its rules, applied to the series that its sources will have. */
export interface RuleBook {
  readonly adapter: AdapterDeployment;
  /** The ConfigMap that holds the rules; the adapter's APIService where there is none. */
  readonly ref: ObjectRef;
  readonly registry?: Registry | undefined;
  /** Why the adapter does not start, or why its rules are not understood. */
  readonly problem?: { readonly message: string; readonly notUnderstood: boolean } | undefined;
  readonly sources: RuleSources;
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
    return [ruleBookOf(adapter, refOf(owner), scrapes, inventory)];
  });
}

function ruleBookOf(
  adapter: AdapterDeployment,
  ref: ObjectRef,
  scrapes: readonly Scrape[],
  inventory: Inventory,
): RuleBook {
  const { config, flags, program } = adapter;
  const sourcesOf = (settings: Iterable<SourceSettings>) =>
    ruleSourcesOf(adapter, ref, settings, scrapes, inventory);
  if (!config || !flags) return { adapter, ref, sources: sourcesOf([]) };
  try {
    const parsed = parseAdapterConfig(config.text, config.key);
    const sources = sourcesOf(parsed.sources.values());
    // What can be asked for without a listing has no value all the same as long as there are no series.
    const registry = registryAtStart(program, parsed, inventory.apiResources, 'upstream');
    const message = adapterStartProblem(program, flags, parsed);
    return {
      adapter,
      ref,
      sources,
      registry: registry.updated(listings(registry, program, sources)),
      ...(message === undefined ? {} : { problem: { message, notUnderstood: false } }),
    };
  } catch (error) {
    const problem = { message: messageOf(error), notUnderstood: error instanceof NotSupportedError };
    return { adapter, ref, sources: sourcesOf([]), problem };
  }
}

/** What the sources will answer to the adapter's listings. */
function listings(
  registry: Registry,
  program: AdapterDeployment['program'],
  sources: RuleSources,
): Map<string, SeriesListing> {
  return new Map(
    registry.listings().map(({ key, source, selector }): [string, SeriesListing] => {
      try {
        const series = sources.get(source)?.scrape?.series ?? [];
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

/** Where a rule reads from. */
export function sourceOfRule({ sources }: RuleBook, { source }: CompiledRule): RuleSource | undefined {
  return sources.get(source.settings.source);
}

/** The series of a name that a rule is about. */
export function seriesOfRule(book: RuleBook, rule: CompiledRule, name: string): readonly ScrapedSeries[] {
  const { series = [] } = sourceOfRule(book, rule)?.scrape ?? {};
  return rule.selector ? selectSeries(rule.selector, series).filter((each) => each.name === name) : [];
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
