import { groupResourceText } from '../rules';
import { shortList } from '../short-list';
import { type MetricScope } from './metric-index';
import { type Registry } from './registry';
import { type MetricRequest } from './request';

const SHOWN = 4;

/**
 * The first link that keeps a metric from being known, for its client: without what Prometheus said, and without going
 * through the series.
 */
export function whyUnregistered(registry: Registry, { api, metric }: MetricRequest): string {
  const detail = detailOf(registry, api, metric);
  return `the metric is not registered: ${detail}`;
}

function detailOf(registry: Registry, api: MetricRequest['api'], metric: string): string {
  const scopes = registry.scopesOf(metric);
  const sameApi = scopes.filter((scope) => scope.api === api);
  if (sameApi.length > 0) return `it is known for ${shortList(sameApi.map(scopeText), SHOWN)}`;
  const rules = registry.rules.filter((rule) => rule.api === api);
  const broken = registry.broken.filter((rule) => rule.api === api).map(({ path }) => path);
  const leftOut = broken.length === 0 ? '' : `; ${shortList(broken, SHOWN)} cannot be used`;
  if (rules.length === 0) return `there are no rules of ${api} metrics${leftOut}`;
  const unlisted = rules.filter((rule) => registry.discovery(rule) === undefined);
  if (unlisted.length > 0) {
    return `the series of ${shortList(
      unlisted.map(({ path }) => path),
      SHOWN,
    )} have not been listed yet${leftOut}`;
  }
  const failed = rules.filter((rule) => registry.discovery(rule)?.error !== undefined);
  if (failed.length > 0) {
    return `the last listing of the series of ${shortList(
      failed.map(({ path }) => path),
      SHOWN,
    )} failed${leftOut}`;
  }
  const other = scopes.length > 0 ? `; it is known for ${shortList(scopes.map(scopeText), SHOWN)}` : '';
  return `no rule makes it of the series that were listed${other}${leftOut}`;
}

function scopeText({ resource, namespaced }: MetricScope): string {
  if (!resource) return 'the external metrics API';
  return `${groupResourceText(resource)} ${namespaced ? 'in' : 'outside'} namespaces`;
}
