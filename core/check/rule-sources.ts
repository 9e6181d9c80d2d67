import type { AdapterDeployment } from '../chain';
import { findServicePort, workloadsBehind } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { Workload } from '../kube/kinds/pod';
import { refOf, type ObjectRef } from '../kube/object';
import { resolveServiceUrl, type NoService, type ServiceAddress } from '../kube/service-url';
import type { SourceSettings } from '../rules';
import type { Scrape } from './scrapes';

/** An endpoint that rules of an adapter read from. */
export interface RuleSource {
  /** Key of `plimsoll.sources`; `''` for that of the flags. */
  readonly name: string;
  /** What names it, for messages: `--prometheus-url`, `plimsoll.sources.mimir.url`. */
  readonly setting: string;
  /** The object that holds the setting. */
  readonly holder: ObjectRef;
  /** Absent where the address of the flags is not known. */
  readonly address?: ServiceAddress | NoService | undefined;
  /** What the Prometheus behind it scrapes; absent if that is not one that the Prometheus Operator configures. */
  readonly scrape?: Scrape | undefined;
}

/** Sources by name; that of the flags is `''`. */
export type RuleSources = ReadonlyMap<string, RuleSource>;

/**
 * Where the sources of an adapter lead.
 * @param owner what holds the rules
 * @param settings entries of `plimsoll.sources`
 */
export function ruleSourcesOf(
  { workload, prometheus }: AdapterDeployment,
  owner: ObjectRef,
  settings: Iterable<SourceSettings>,
  scrapes: readonly Scrape[],
  inventory: Inventory,
): RuleSources {
  const sources = new Map<string, RuleSource>();
  const add = (source: Omit<RuleSource, 'scrape'>) =>
    sources.set(source.name, { ...source, scrape: scrapeBehind(source.address, scrapes, inventory) });
  const holder = workload ? refOf(workload) : owner;
  add({ name: '', setting: '--prometheus-url', holder, address: prometheus });
  for (const { name, url } of settings) {
    const address = resolveServiceUrl(url, workload ? namespaceOf(workload) : '', inventory);
    add({ name, setting: `plimsoll.sources.${name}.url`, holder: owner, address });
  }
  return sources;
}

/** The workloads that the address of a source leads to. */
function workloadsOfSource(address: RuleSource['address'], inventory: Inventory): readonly Workload[] {
  if (!address || 'reason' in address) return [];
  const found = findServicePort(inventory, address.namespace, address.service, address.port);
  return found ? workloadsBehind(found.service, inventory.workloads) : [];
}

function scrapeBehind(
  address: RuleSource['address'],
  scrapes: readonly Scrape[],
  inventory: Inventory,
): Scrape | undefined {
  const [workload] = workloadsOfSource(address, inventory);
  return workload && scrapes.find((scrape) => isServerOf(workload, scrape));
}

/** Whether a workload is what the operator makes of a Prometheus. */
export function isServerOf(workload: Workload, { server }: Scrape): boolean {
  return workload.metadata.name === server.metadata.name && namespaceOf(workload) === namespaceOf(server);
}
