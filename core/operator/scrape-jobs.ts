import { NotSupportedError, UsageError } from '../errors';
import { parsePrometheusDuration } from '../kube/duration';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type {
  PodMetricsEndpoint,
  Prometheus,
  RelabelConfig,
  ScrapeClass,
  ServiceMonitorEndpoint,
} from '../kube/kinds/monitoring';
import { refOf, refText } from '../kube/object';
import { Selector } from '../kube/selector';
import { DEFAULT_SCRAPE_INTERVAL, selectMonitors, whyNotSelected, type Monitor } from './monitors';
import { podMonitorRules, serviceMonitorRules, shardRules } from './relabelings';
import type { DiscoveryRole, ScrapeJob } from './scrape-job';

/** Prometheus' own default, for a Prometheus whose interval is zero. */
const DEFAULT_SCRAPE_INTERVAL_MS = 60_000;
/** Prometheus' own default; a shorter interval shortens it. */
const DEFAULT_SCRAPE_TIMEOUT_MS = 10_000;
const MONITORING_GROUP = 'monitoring.coreos.com';

/**
 * The scrape configurations that the Prometheus Operator (v0.93) writes for a Prometheus: one per endpoint of each
 * selected monitor, ServiceMonitors first, monitors in the order of `<namespace>/<name>`.
 *
 * Limits on samples, targets and labels, authentication and TLS are not part of it.
 *
 * @param shard which of `spec.shards` Prometheus servers is meant, from 0
 * @throws NotSupportedError if the Prometheus takes Probes, ScrapeConfigs or additional scrape configurations
 * @throws UsageError if its scrape timeout is longer than its interval, or two scrape classes are the default
 */
export function scrapeJobs(prometheus: Prometheus, inventory: Inventory, shard = 0): ScrapeJob[] {
  refuseOtherSources(prometheus, inventory);
  const writer = new JobWriter(prometheus, shard);
  return selectMonitors(prometheus, inventory)
    .selected.map((monitor) => ({ monitor, key: `${namespaceOf(monitor)}/${monitor.metadata.name}` }))
    .sort((a, b) => rank(a.monitor) - rank(b.monitor) || (a.key < b.key ? -1 : 1))
    .flatMap(({ monitor }) => writer.jobs(monitor));
}

function rank(monitor: Monitor): number {
  return monitor.kind === 'ServiceMonitor' ? 0 : 1;
}

function refuseOtherSources(prometheus: Prometheus, inventory: Inventory): void {
  const owner = refText(refOf(prometheus));
  if (prometheus.spec.additionalScrapeConfigs)
    throw new NotSupportedError(`additionalScrapeConfigs of ${owner}`);
  for (const [kind, by] of [
    ['Probe', 'probe'],
    ['ScrapeConfig', 'scrapeConfig'],
  ] as const) {
    const taken = inventory
      .ofKind(MONITORING_GROUP, kind)
      .find((object) => whyNotSelected(object, prometheus, inventory, by) === undefined);
    if (taken) throw new NotSupportedError(`${refText(refOf(taken))}, which ${owner} selects`);
  }
}

type Endpoint = ServiceMonitorEndpoint | PodMetricsEndpoint;

/** Writes the jobs of one Prometheus. */
class JobWriter {
  private readonly interval: number;
  private readonly timeout: number;

  constructor(
    private readonly prometheus: Prometheus,
    private readonly shard: number,
  ) {
    const { scrapeInterval, scrapeTimeout, scrapeClasses } = prometheus.spec;
    const owner = refText(refOf(prometheus));
    this.interval = durationOr(scrapeInterval || DEFAULT_SCRAPE_INTERVAL, DEFAULT_SCRAPE_INTERVAL_MS);
    this.timeout = durationOr(scrapeTimeout, Math.min(DEFAULT_SCRAPE_TIMEOUT_MS, this.interval));
    if (this.timeout > this.interval) {
      throw new UsageError(`${owner}: scrapeTimeout is longer than scrapeInterval; make it at most as long`);
    }
    if ((scrapeClasses ?? []).filter((candidate) => candidate.default).length > 1) {
      throw new UsageError(`${owner}: more than one of scrapeClasses is the default; leave one`);
    }
  }

  jobs(monitor: Monitor): ScrapeJob[] {
    const podTargetLabels = this.prometheus.spec.podTargetLabels ?? [];
    if (monitor.kind === 'ServiceMonitor') {
      const role = this.roleOf(monitor);
      return monitor.spec.endpoints.map((endpoint, index) =>
        this.job(monitor, endpoint, index, serviceMonitorRules(monitor, endpoint, role, podTargetLabels)),
      );
    }
    return monitor.spec.podMetricsEndpoints.map((endpoint, index) =>
      this.job(monitor, endpoint, index, podMonitorRules(monitor, endpoint, podTargetLabels)),
    );
  }

  private job(
    monitor: Monitor,
    endpoint: Endpoint,
    index: number,
    rules: readonly RelabelConfig[],
  ): ScrapeJob {
    const { spec } = monitor;
    const interval = durationOr(endpoint.interval, this.interval);
    const kind = monitor.kind === 'ServiceMonitor' ? 'serviceMonitor' : 'podMonitor';
    const scrapeClass = this.scrapeClassOf(monitor);
    return {
      name: `${kind}/${namespaceOf(monitor)}/${monitor.metadata.name}/${index}`,
      source: refOf(monitor),
      endpointIndex: index,
      role: this.roleOf(monitor),
      namespaces: namespacesOf(monitor, this.prometheus),
      selector: spec.selectorMechanism === 'RoleSelector' ? Selector.from(spec.selector) : undefined,
      attachNode: (spec.attachMetadata ?? scrapeClass?.attachMetadata)?.node ?? false,
      interval,
      timeout: durationOr(endpoint.scrapeTimeout, Math.min(this.timeout, interval)),
      path: endpoint.path || '/metrics',
      scheme: endpoint.scheme?.toLowerCase() === 'https' ? 'https' : 'http',
      params: endpoint.params ?? {},
      honorLabels: (endpoint.honorLabels ?? false) && !this.prometheus.spec.overrideHonorLabels,
      relabelConfigs: [
        ...rules,
        ...(scrapeClass?.relabelings ?? []),
        ...(endpoint.relabelings ?? []),
        ...this.enforcedNamespace(monitor),
        ...shardRules(Math.max(1, this.prometheus.spec.shards ?? 1), this.shard),
      ],
      metricRelabelConfigs: [
        ...(scrapeClass?.metricRelabelings ?? []),
        ...(endpoint.metricRelabelings ?? []),
        ...this.enforcedNamespace(monitor),
      ],
    };
  }

  private roleOf(monitor: Monitor): DiscoveryRole {
    if (monitor.kind === 'PodMonitor') return 'pod';
    const role = monitor.spec.serviceDiscoveryRole ?? this.prometheus.spec.serviceDiscoveryRole;
    return role === 'EndpointSlice' ? 'endpointslice' : 'endpoints';
  }

  private scrapeClassOf(monitor: Monitor): ScrapeClass | undefined {
    const classes = this.prometheus.spec.scrapeClasses ?? [];
    const named = classes.find(({ name }) => name === monitor.spec.scrapeClass);
    return named ?? classes.find((candidate) => candidate.default);
  }

  /** The rule that makes sure that a monitor's series carry its own namespace. */
  private enforcedNamespace(monitor: Monitor): RelabelConfig[] {
    const { enforcedNamespaceLabel, excludedFromEnforcement } = this.prometheus.spec;
    const namespace = namespaceOf(monitor);
    const excluded = (excludedFromEnforcement ?? []).some(
      (object) =>
        (object.group || MONITORING_GROUP) === MONITORING_GROUP &&
        object.resource === `${monitor.kind.toLowerCase()}s` &&
        object.namespace === namespace &&
        (!object.name || object.name === monitor.metadata.name),
    );
    if (!enforcedNamespaceLabel || excluded) return [];
    return [{ targetLabel: enforcedNamespaceLabel, replacement: namespace }];
  }
}

/** Milliseconds; Prometheus takes zero for unset. */
function durationOr(text: string | undefined, otherwise: number): number {
  return (text ? parsePrometheusDuration(text) : 0) || otherwise;
}

/** The namespaces in which a monitor looks for Services or pods. */
export function namespacesOf(monitor: Monitor, prometheus?: Prometheus): readonly string[] | 'all' {
  const { any, matchNames } = monitor.spec.namespaceSelector ?? {};
  const own = [namespaceOf(monitor)];
  if (prometheus?.spec.ignoreNamespaceSelectors) return own;
  if (any) return 'all';
  return matchNames?.length ? matchNames : own;
}
