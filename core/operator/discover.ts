import { parsePrometheusDuration } from '../kube/duration';
import type { RelabelConfig } from '../kube/kinds/monitoring';
import type { Labels } from '../kube/selector';
import { indexOf, podTargets, serviceTargets, type RawTarget, type StateIndex } from './discovered-groups';
import type { DiscoveredPod, DiscoveredService, DiscoveryState } from './discovery-state';
import { objectMetaLabels } from './meta-labels';
import { prometheusDuration } from './prometheus-duration';
import { relabel } from './relabel';
import type { ScrapeJob } from './scrape-job';
import type { Target } from './target';

const PARAMETER = '__param_';

/**
 * The targets that a job has in a state: what Prometheus' Kubernetes service discovery finds
 * (`discovery/kubernetes`), relabelled (`scrape.PopulateLabels`). Targets that end up with the same labels are one.
 * An address whose pod is not ready is a target all the same.
 *
 * The targets of a state are those of its Services (or pods, for the role `pod`) together, so a caller may ask for a
 * single Service whenever that changes. States are taken not to change: pass a new one for a new moment.
 */
export function discoverTargets(job: ScrapeJob, state: DiscoveryState): Target[] {
  const index = indexOf(state);
  const own = scrapeLabels(job);
  const targets = new Map<string, Target>();
  for (const raw of rawTargets(job, state, index)) {
    const labels = relabel({ ...raw.labels, ...own }, job.relabelConfigs);
    const target = labels && targetOf(job, labels, raw, index);
    if (target) targets.set(identity(labels), target);
  }
  return [...targets.values()];
}

function rawTargets(job: ScrapeJob, state: DiscoveryState, index: StateIndex): RawTarget[] {
  const { role } = job;
  if (role === 'pod') {
    return state.pods
      .filter((pod) => selects(job, 'pod', pod))
      .flatMap((pod) => podTargets(pod, index, job.attachNode));
  }
  return state.services
    .filter((service) => selects(job, 'service', service))
    .flatMap((service) => serviceTargets(service, role, index, job.attachNode));
}

/** Whether a job looks at an object at all: by namespace, and by those rules that depend on its labels only. */
function selects(
  job: ScrapeJob,
  kind: 'service' | 'pod',
  { namespace, labels }: DiscoveredService | DiscoveredPod,
): boolean {
  if (job.namespaces !== 'all' && !job.namespaces.includes(namespace)) return false;
  let results = selected.get(job);
  if (!results) {
    results = new WeakMap();
    selected.set(job, results);
  }
  let result = results.get(labels);
  if (result === undefined) {
    result = selectsLabels(job, kind, labels);
    results.set(labels, result);
  }
  return result;
}

const selected = new WeakMap<ScrapeJob, WeakMap<Labels, boolean>>();

function selectsLabels(job: ScrapeJob, kind: 'service' | 'pod', labels: Labels): boolean {
  if (job.selector && !job.selector.matches(labels)) return false;
  return relabel(objectMetaLabels(kind, { name: '', labels }), selectionRules(job, kind)) !== undefined;
}

/**
 * The rules at the beginning that keep or drop by labels of the Service or pod. They give the same for all its
 * targets, so they are asked once per set of labels, before any of those is made.
 */
function selectionRules(job: ScrapeJob, kind: 'service' | 'pod'): readonly RelabelConfig[] {
  const [, ...afterJobName] = job.relabelConfigs;
  const firstWrite = afterJobName.findIndex(({ action }) => action !== 'keep' && action !== 'drop');
  const filters = firstWrite < 0 ? afterJobName : afterJobName.slice(0, firstWrite);
  const own = `__meta_kubernetes_${kind}_label`;
  return filters.filter(({ sourceLabels }) => sourceLabels?.every((label) => label.startsWith(own)));
}

/** Labels through which rules can read and change how a target is scraped. */
function scrapeLabels(job: ScrapeJob): Labels {
  const parameters = Object.entries(job.params).flatMap(([name, [first]]) =>
    first === undefined ? [] : [[`${PARAMETER}${name}`, first] as const],
  );
  return {
    job: job.name,
    __scrape_interval__: prometheusDuration(job.interval),
    __scrape_timeout__: prometheusDuration(job.timeout),
    __metrics_path__: job.path,
    __scheme__: job.scheme,
    ...Object.fromEntries(parameters),
  };
}

/** The target that relabelled labels describe; none if they leave no valid address or interval, as in Prometheus. */
function targetOf(job: ScrapeJob, labels: Labels, raw: RawTarget, index: StateIndex): Target | undefined {
  const address = labels.__address__ ?? '';
  const interval = durationOf(labels.__scrape_interval__);
  const timeout = durationOf(labels.__scrape_timeout__);
  if (address === '' || address.includes('/')) return undefined;
  if (interval === 0 || timeout === 0 || timeout > interval) return undefined;
  const scheme = labels.__scheme__ ?? '';
  const { host, port } = splitAddress(address, scheme);
  const pod = raw.pod?.ip === host ? raw.pod : index.podsByIp.get(host);
  const visible = Object.entries(labels).filter(([name]) => !name.startsWith('__'));
  return {
    job,
    labels: { instance: address, ...Object.fromEntries(visible) },
    address,
    host,
    port,
    scheme,
    metricsPath: labels.__metrics_path__ ?? '',
    interval,
    timeout,
    params: parametersOf(job, labels),
    pod: pod && { namespace: pod.namespace, name: pod.name },
  };
}

/** Milliseconds; 0 for a text that is no duration, which is as invalid. */
function durationOf(text = ''): number {
  try {
    return parsePrometheusDuration(text);
  } catch {
    return 0;
  }
}

function splitAddress(address: string, scheme: string): { host: string; port: number } {
  const match = /^(?:\[(.+)\]|([^:]*)):(\d+)$/.exec(address);
  if (!match) return { host: address.replace(/^\[|\]$/g, ''), port: scheme === 'https' ? 443 : 80 };
  return { host: match[1] ?? match[2] ?? '', port: Number(match[3]) };
}

/** The query parameters of the scrape: the job's, with the first value of each as relabelling left it. */
function parametersOf(job: ScrapeJob, labels: Labels): Record<string, readonly string[]> {
  const params: Record<string, readonly string[]> = { ...job.params };
  for (const [label, value] of Object.entries(labels)) {
    if (!label.startsWith(PARAMETER)) continue;
    const name = label.slice(PARAMETER.length);
    params[name] = [value, ...(params[name] ?? []).slice(1)];
  }
  return params;
}

/** Equal for targets that Prometheus takes to be the same: all labels but the meta labels. */
function identity(labels: Labels): string {
  const kept = Object.entries(labels).filter(([name]) => !name.startsWith('__meta_'));
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}
