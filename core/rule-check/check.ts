import { type ApiResources } from '../kube/api-resources';
import { type RestMapper } from '../rules';
import { type YamlSource } from '../yaml';
import { type RuleProblem, type RuleSeverity } from './finding';
import { type SampleQuery } from './queries';
import { type Structure } from './structure';
import { type RuleSubject } from './subject';

/** What the checks look at. */
export interface RuleCheckContext {
  readonly source: YamlSource;
  readonly structure: Structure;
  /** Every rule that has the right form. */
  readonly subjects: readonly RuleSubject[];
  /** What they make of sample requests. */
  readonly queries: readonly SampleQuery[];
  readonly resources: ApiResources;
  readonly mapper: RestMapper;
  /** How often Prometheus scrapes, if that is known. */
  readonly scrapeIntervalMs?: number | undefined;
}

/** One thing that a configuration is checked for. */
export interface RuleCheck {
  readonly id: string;
  /** What holds when it finds nothing. */
  readonly title: string;
  readonly severity: RuleSeverity;
  run(context: RuleCheckContext): Iterable<RuleProblem>;
}
