import { messageOf } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { NEWEST_MINOR } from '../kube/field-error';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type {
  PodMetricsEndpoint,
  PodMonitor,
  Prometheus,
  RelabelConfig,
  ServiceMonitor,
  ServiceMonitorEndpoint,
} from '../kube/kinds/monitoring';
import { refOf, refText, type KubeObject } from '../kube/object';
import { requirementError } from '../kube/requirement-error';
import { Selector, type LabelSelector } from '../kube/selector';
import { relabelProblem } from './relabel';

/** The scrape interval the CRD gives a Prometheus that names none. */
export const DEFAULT_SCRAPE_INTERVAL = '30s';

/** What tells the operator what to scrape. Tell them apart by `kind`. */
export type Monitor = ServiceMonitor | PodMonitor;

/** A monitor the operator leaves out, and why. */
export interface RejectedMonitor {
  readonly monitor: Monitor;
  /** A clause, e.g. `label team is not what podMonitorSelector asks for`. */
  readonly reason: string;
}

/** Which monitors a Prometheus takes. */
export interface MonitorSelection {
  readonly selected: readonly Monitor[];
  readonly rejected: readonly RejectedMonitor[];
}

/**
 * Splits the monitors among the objects into those that the Prometheus Operator puts into this Prometheus'
 * configuration and those it leaves out (`pkg/prometheus/resource_selector.go`). A selector that is absent selects
 * nothing, an empty one everything; a namespace selector that is absent means the Prometheus' own namespace.
 *
 * Secrets that a monitor refers to are taken to exist.
 */
export function selectMonitors(prometheus: Prometheus, inventory: Inventory): MonitorSelection {
  const selected: Monitor[] = [];
  const rejected: RejectedMonitor[] = [];
  for (const monitor of [...inventory.serviceMonitors, ...inventory.podMonitors]) {
    const reason = unselected(monitor, prometheus, inventory) ?? invalid(monitor, prometheus);
    if (reason === undefined) selected.push(monitor);
    else rejected.push({ monitor, reason });
  }
  return { selected, rejected };
}

function unselected(monitor: Monitor, prometheus: Prometheus, inventory: Inventory): string | undefined {
  const by = monitor.kind === 'ServiceMonitor' ? 'serviceMonitor' : 'podMonitor';
  return whyNotSelected(monitor, prometheus, inventory, by);
}

/**
 * Why a Prometheus' selectors leave an object out; `undefined` if they select it.
 * @param by the kind's name as the selectors' names begin
 */
export function whyNotSelected(
  object: KubeObject,
  prometheus: Prometheus,
  inventory: Inventory,
  by: 'serviceMonitor' | 'podMonitor' | 'probe' | 'scrapeConfig',
): string | undefined {
  const { spec } = prometheus;
  const owner = refText(refOf(prometheus));
  if (spec.paused) return `${owner} is paused, so the operator does not configure it`;
  const selector = spec[`${by}Selector`];
  if (!selector) return `${owner} has no ${by}Selector, which selects nothing`;
  const namespaces = spec[`${by}NamespaceSelector`];
  const namespace = namespaceOf(object);
  if (!namespaces && namespace !== namespaceOf(prometheus)) {
    return `${owner} has no ${by}NamespaceSelector, so it looks in its own namespace only`;
  }
  if (namespaces && !Selector.from(namespaces).matches(inventory.namespaceLabels(namespace))) {
    return `the labels of namespace ${namespace} do not match ${by}NamespaceSelector of ${owner}`;
  }
  if (Selector.from(selector).matches(object.metadata.labels ?? {})) return undefined;
  return `its labels do not match ${by}Selector of ${owner}, which wants ${Selector.from(selector).toString()}`;
}

/** Why the operator refuses a monitor that was selected. */
function invalid(monitor: Monitor, prometheus: Prometheus): string | undefined {
  const selectorProblem = invalidSelector(monitor.spec.selector);
  if (selectorProblem !== undefined) return selectorProblem;
  const field = monitor.kind === 'ServiceMonitor' ? 'endpoints' : 'podMetricsEndpoints';
  for (const [index, endpoint] of endpointsOf(monitor).entries()) {
    const problem = invalidTiming(endpoint, prometheus) ?? invalidRelabelling(endpoint);
    if (problem !== undefined) return `${field}[${index}]: ${problem}`;
  }
  const { scrapeClass } = monitor.spec;
  if (!scrapeClass || prometheus.spec.scrapeClasses?.some(({ name }) => name === scrapeClass))
    return undefined;
  return `scrapeClass "${scrapeClass}" is not among scrapeClasses of ${refText(refOf(prometheus))}`;
}

/** The endpoints of either kind of monitor. */
function endpointsOf(monitor: Monitor): readonly (ServiceMonitorEndpoint | PodMetricsEndpoint)[] {
  return monitor.kind === 'ServiceMonitor' ? monitor.spec.endpoints : monitor.spec.podMetricsEndpoints;
}

/** The operator's reading of a selector refuses keys and values that no label could have (`metav1.LabelSelectorAsSelector`). */
function invalidSelector(selector: LabelSelector): string | undefined {
  const unreadable = problemOf(() => Selector.from(selector), 'selector');
  if (unreadable !== undefined) return unreadable;
  for (const requirement of Selector.from(selector).requirements) {
    const problem = requirementError(requirement, NEWEST_MINOR);
    if (problem !== undefined) return `selector: ${problem}`;
  }
  return undefined;
}

function invalidTiming(endpoint: PodMetricsEndpoint, prometheus: Prometheus): string | undefined {
  const interval = endpoint.interval || prometheus.spec.scrapeInterval || DEFAULT_SCRAPE_INTERVAL;
  const timeout = endpoint.scrapeTimeout;
  const unreadable =
    problemOf(() => parsePrometheusDuration(interval), 'interval') ??
    (timeout ? problemOf(() => parsePrometheusDuration(timeout), 'scrapeTimeout') : undefined);
  if (unreadable !== undefined || !timeout) return unreadable;
  if (parsePrometheusDuration(timeout) <= parsePrometheusDuration(interval)) return undefined;
  return `scrapeTimeout ${timeout} is longer than the scrape interval ${interval}`;
}

function invalidRelabelling(endpoint: PodMetricsEndpoint): string | undefined {
  return (
    invalidConfigs(endpoint.relabelings, 'relabelings') ??
    invalidConfigs(endpoint.metricRelabelings, 'metricRelabelings')
  );
}

function invalidConfigs(configs: readonly RelabelConfig[] | undefined, field: string): string | undefined {
  for (const [index, config] of (configs ?? []).entries()) {
    const problem = relabelProblem(config);
    if (problem !== undefined) return `${field}[${index}]: ${problem}`;
  }
  return undefined;
}

function problemOf(read: () => unknown, field: string): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return `${field}: ${messageOf(error)}`;
  }
}
