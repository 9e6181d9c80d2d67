import { ApiResources } from '../../../core/kube/api-resources';
import { checkRules } from '../../../core/rule-check';

export const resources = ApiResources.builtin();

export function check(text: string, scrapeIntervalMs?: number) {
  return checkRules({ text, where: 'config.yaml' }, { resources, scrapeIntervalMs });
}

/** The ids of what is found, with line and column. */
export function found(text: string, scrapeIntervalMs?: number): string[] {
  return check(text, scrapeIntervalMs).findings.map(
    ({ check: id, line, column }) => `${id} ${line}:${column}`,
  );
}

const OBJECTS = 'resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}';
const RATE = 'metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)';
export const SUM = 'metricsQuery: sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)';

/** A rule of custom metrics with nothing wrong but what the fields say. */
function rule(fields: Readonly<Record<string, string>>): string {
  const all = { seriesQuery: 'seriesQuery: hits_total{pod!=""}', objects: OBJECTS, query: RATE, ...fields };
  const lines = Object.values(all).filter((line) => line !== '');
  return `- ${lines.join('\n  ')}\n`;
}

export const rules = (...fields: readonly Readonly<Record<string, string>>[]): string =>
  `rules:\n${fields.map(rule).join('')}`;
export const external = (...lines: readonly string[]): string => `externalRules:\n- ${lines.join('\n  ')}\n`;
