import { parsePrometheusDuration } from '../kube/duration';
import {
  type AdapterConfig,
  type DiscoveryRule,
  type GroupResource,
  type ResourceMapping,
  type ResourceRule,
  type ResourceRules,
  type SeriesFilter,
} from './config';
import { YamlReader } from './yaml-reader';

/**
 * Reads the adapter's configuration file as strictly as the adapter does at its start.
 * @param where names the source in errors, e.g. `ConfigMap monitoring/adapter-config config.yaml`
 * @throws UsageError with `where:line:column: field path:` on a syntax error, an unknown or repeated key, or a wrong type
 */
export function parseAdapterConfig(yamlText: string, where: string): AdapterConfig {
  const root = YamlReader.open(yamlText, where);
  const field = root.fields(['rules', 'externalRules', 'resourceRules']);
  const resourceRules = field('resourceRules');
  return {
    where,
    rules: field('rules').list(readRule),
    externalRules: field('externalRules').list(readRule),
    ...(resourceRules.absent ? {} : { resourceRules: readResourceRules(resourceRules) }),
  };
}

function readRule(at: YamlReader): DiscoveryRule {
  const field = at.fields(['seriesQuery', 'seriesFilters', 'resources', 'name', 'metricsQuery']);
  const name = field('name').fields(['matches', 'as']);
  return {
    seriesQuery: field('seriesQuery').string(),
    seriesFilters: field('seriesFilters').list(readSeriesFilter),
    resources: readResources(field('resources')),
    name: { matches: name('matches').string(), as: name('as').string() },
    metricsQuery: field('metricsQuery').string(),
  };
}

function readSeriesFilter(at: YamlReader): SeriesFilter {
  const field = at.fields(['is', 'isNot']);
  return { is: field('is').string(), isNot: field('isNot').string() };
}

function readResources(at: YamlReader): ResourceMapping {
  const field = at.fields(['template', 'overrides', 'namespaced']);
  return {
    template: field('template').string(),
    overrides: field('overrides').record(readGroupResource),
    namespaced: field('namespaced').boolean(true),
  };
}

function readGroupResource(at: YamlReader): GroupResource {
  const field = at.fields(['group', 'resource']);
  return { group: field('group').string(), resource: field('resource').string() };
}

function readResourceRules(at: YamlReader): ResourceRules {
  const field = at.fields(['cpu', 'memory', 'window']);
  return {
    cpu: readResourceRule(field('cpu')),
    memory: readResourceRule(field('memory')),
    windowMs: field('window').parsed(parsePrometheusDuration, 0),
  };
}

function readResourceRule(at: YamlReader): ResourceRule {
  const field = at.fields(['containerQuery', 'nodeQuery', 'resources', 'containerLabel']);
  return {
    containerQuery: field('containerQuery').string(),
    nodeQuery: field('nodeQuery').string(),
    resources: readResources(field('resources')),
    containerLabel: field('containerLabel').string(),
  };
}
