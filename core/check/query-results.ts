import { keepsLabel } from '../promql';
import { groupResourceText } from '../rules';
import type { Check } from './check';
import { readQueries } from './rule-queries';

export const queryDropsObject: Check = {
  id: 'query-drops-object',
  title: 'The query of a rule keeps the label that names the objects',
  severity: 'error',
  *run(context) {
    for (const { ref, rule, expr, resource } of readQueries(context)) {
      if (!resource || !rule) continue;
      const label = rule.labelFor(resource);
      if (keepsLabel(expr, label)) continue;
      const what = groupResourceText(resource);
      yield {
        object: ref,
        message: `${rule.path}: the result of its query has no label ${label}, so the adapter finds no value for any of the ${what} that it is asked for`,
        fix: `group by ${label} in metricsQuery of ${rule.path}: aggregate with by (<<.GroupBy>>)`,
      };
    }
  },
};
