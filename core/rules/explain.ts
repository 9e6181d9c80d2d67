import { messageOf } from '../errors';
import { Selector } from '../kube/selector';
import { type GroupResource } from './config';
import { isRootScoped } from './group-resource';
import { type CompiledRule } from './rule';
import { type Naming } from './series-name';

/** What a rule does with a series, worked out without Prometheus. */
export interface RuleExplanation {
  /** The metric that the series becomes, or the condition that keeps it out. */
  readonly naming: Naming;
  /** Labels that the rule maps by `resources.overrides`, in the order of the file. */
  readonly mappings: readonly { readonly label: string; readonly resource: GroupResource }[];
  /** The query that Prometheus would get for a sample request, one for each resource given. */
  readonly samples: readonly RenderedSample[];
}

/** A query rendered for a sample request, or why it cannot be built. */
export type RenderedSample = {
  /** Absent for an external metric. */
  readonly resource?: GroupResource | undefined;
} & ({ readonly query: string } | { readonly problem: string });

const SAMPLE_EXTERNAL = { namespace: 'namespace-1', selector: Selector.everything };
const SAMPLE_NAMES = ['name-1', 'name-2'];

/**
 * Explains a rule for one series name.
 * @param resources what a sample query is wanted for, plural and with full group; those of the overrides by default
 */
export function explainRule(
  rule: CompiledRule,
  seriesName: string,
  resources?: readonly GroupResource[],
): RuleExplanation {
  const mappings = Object.keys(rule.source.resources.overrides).flatMap((label) => {
    const resource = rule.resourceFor(label);
    return resource ? [{ label, resource }] : [];
  });
  const wanted = resources ?? mappings.map(({ resource }) => resource);
  const samples =
    rule.api === 'external'
      ? [attempt(() => rule.queryForExternal(seriesName, SAMPLE_EXTERNAL))]
      : wanted.map((resource) => ({
          resource,
          ...attempt(() => sampleForObjects(rule, seriesName, resource)),
        }));
  return { naming: rule.nameOf(seriesName), mappings, samples };
}

function sampleForObjects(rule: CompiledRule, seriesName: string, resource: GroupResource): string {
  return rule.queryForObjects(seriesName, {
    resource,
    ...(isRootScoped(resource) ? {} : { namespace: SAMPLE_EXTERNAL.namespace }),
    names: SAMPLE_NAMES,
    metricSelector: Selector.everything,
  });
}

function attempt(render: () => string): { query: string } | { problem: string } {
  try {
    return { query: render() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
