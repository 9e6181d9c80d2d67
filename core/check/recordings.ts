import { z } from 'zod';
import type { Inventory } from '../kube/inventory';

const prometheusRule = z.looseObject({
  spec: z.looseObject({
    groups: z
      .array(z.looseObject({ rules: z.array(z.looseObject({ record: z.string().optional() })).optional() }))
      .optional(),
  }),
});

/** Names of the series that PrometheusRules record; a rule object that cannot be read records none. */
export function recordedNames(inventory: Inventory): ReadonlySet<string> {
  const rules = inventory
    .ofKind('monitoring.coreos.com', 'PrometheusRule')
    .flatMap((object) => prometheusRule.safeParse(object).data?.spec.groups ?? [])
    .flatMap((group) => group.rules ?? []);
  return new Set(rules.flatMap(({ record }) => record ?? []));
}
