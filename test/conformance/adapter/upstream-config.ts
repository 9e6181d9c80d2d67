import { z } from 'zod';
import { parsePrometheusDuration } from '../../../core/kube/duration';
import { type AdapterConfig } from '../../../core/rules';

const text = z.string().default('');
const mapping = z
  .object({
    template: text,
    overrides: z.record(z.string(), z.object({ group: text, resource: text })).default({}),
    namespaced: z.boolean().nullable().default(null),
  })
  .transform(({ namespaced, ...rest }) => ({ ...rest, namespaced: namespaced ?? true }));
const rule = z.object({
  seriesQuery: text,
  seriesFilters: z
    .array(z.object({ is: text, isNot: text }))
    .nullable()
    .transform((filters) => filters ?? []),
  resources: mapping,
  name: z.object({ matches: text, as: text }),
  metricsQuery: text,
});
const rules = z
  .array(rule)
  .nullable()
  .default([])
  .transform((list) => list ?? []);
const resourceRule = z.object({
  containerQuery: text,
  nodeQuery: text,
  resources: mapping,
  containerLabel: text,
});

/** Upstream's configuration as JSON, read into ours; `null` if it was refused. */
export const upstreamConfig = z
  .object({
    rules,
    externalRules: rules,
    resourceRules: z
      .object({ cpu: resourceRule, memory: resourceRule, window: z.string() })
      .optional()
      .transform(
        (given) =>
          given && { cpu: given.cpu, memory: given.memory, windowMs: parsePrometheusDuration(given.window) },
      ),
  })
  .nullable();

/** What both sides can say of a configuration. */
export function comparable({ rules: custom, externalRules, resourceRules }: AdapterConfig): unknown {
  return {
    rules: custom.map(withoutPolicies),
    externalRules: externalRules.map(withoutPolicies),
    resourceRules: resourceRules && withoutPolicies(resourceRules),
  };
}

function withoutPolicies(rules: object): object {
  return Object.fromEntries(Object.entries(rules).filter(([key]) => !['policies', 'settings'].includes(key)));
}
