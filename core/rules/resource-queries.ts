import { Selector } from '../kube/selector';
import { type AdapterConfig, type GroupResource, type ResourceRule } from './config';
import { NAMESPACES, type RestMapper } from './group-resource';
import { type Locate, locator } from './locate';
import { MetricsQuery } from './metrics-query';
import { type ResourcePolicies } from './policies';
import { type ResourceSettings } from './rule-settings';
import { ResourceLabels } from './resource-labels';

const PODS: GroupResource = { group: '', resource: 'pods' };
const NODES: GroupResource = { group: '', resource: 'nodes' };

/** The queries of one usage, CPU or memory (`resourceQuery` of prometheus-adapter `pkg/resourceprovider`). */
export class UsageQueries {
  private constructor(
    private readonly labels: ResourceLabels,
    private readonly containers: MetricsQuery,
    private readonly nodes: MetricsQuery,
    /** Label of the results that names the container. */
    readonly containerLabel: string,
  ) {}

  static compile(
    rule: ResourceRule,
    literalNames: boolean,
    mapper: RestMapper,
    locate: Locate,
  ): UsageQueries {
    const labels = ResourceLabels.compile(rule.resources, mapper, locate);
    const compile = (field: 'containerQuery' | 'nodeQuery'): MetricsQuery =>
      MetricsQuery.compile(rule[field], labels, { namespaced: true, literalNames }, locate(field));
    return new UsageQueries(labels, compile('containerQuery'), compile('nodeQuery'), rule.containerLabel);
  }

  /**
   * PromQL for the containers of pods of one namespace, by pod and container.
   * @throws UsageError if it cannot be built
   */
  forPods(namespace: string, names: readonly string[]): string {
    const request = { resource: PODS, namespace, names, metricSelector: Selector.everything };
    return this.containers.forObjects('', { ...request, extraGroupBy: [this.containerLabel] });
  }

  /**
   * PromQL for nodes.
   * @throws UsageError if it cannot be built
   */
  forNodes(names: readonly string[]): string {
    return this.nodes.forObjects('', { resource: NODES, names, metricSelector: Selector.everything });
  }

  /** Label of the results that names the pod. @throws UsageError if there is none */
  get podLabel(): string {
    return this.labels.labelFor(PODS);
  }

  /** Label of the series that names the namespace. @throws UsageError if there is none */
  get namespaceLabel(): string {
    return this.labels.labelFor(NAMESPACES);
  }

  /** Label of the results that names the node. @throws UsageError if there is none */
  get nodeLabel(): string {
    return this.labels.labelFor(NODES);
  }
}

/** `resourceRules` of a file, compiled. */
export interface ResourceQueries {
  readonly cpu: UsageQueries;
  readonly memory: UsageQueries;
  /** Window that the resource metrics API reports. */
  readonly windowMs: number;
  /** What becomes of results that are no quantities, or of several for one. */
  readonly policies: ResourcePolicies;
  /** The source of the queries, and how long its answers may be used. */
  readonly settings: ResourceSettings;
}

/**
 * Compiles the queries behind `metrics.k8s.io`.
 * @returns nothing if the file has no `resourceRules`
 * @throws NotSupportedError, UsageError for what makes the adapter exit at its start
 */
export function compileResourceRules(config: AdapterConfig, mapper: RestMapper): ResourceQueries | undefined {
  const { resourceRules } = config;
  if (!resourceRules) return undefined;
  const { policies, settings, windowMs } = resourceRules;
  const compile = (usage: 'cpu' | 'memory'): UsageQueries =>
    UsageQueries.compile(
      resourceRules[usage],
      policies.objectNames === 'literal',
      mapper,
      locator(config, `resourceRules.${usage}`),
    );
  return { cpu: compile('cpu'), memory: compile('memory'), windowMs, policies, settings };
}
