import { type Position, type YamlPath } from '../yaml';

/** `error`: the adapter does not start, or a metric cannot be had; `warning`: it may be wrong; `info`: not verified. */
export type RuleSeverity = 'error' | 'warning' | 'info';

/** What a check has to say about one field of a configuration. */
export interface RuleProblem {
  /** The way to the field, such as `['rules', 0, 'metricsQuery']`; empty for the whole file. */
  readonly field: YamlPath;
  /** Whether the key is what is wrong, not its value. */
  readonly atKey?: boolean | undefined;
  /** Where it stands, if it is no field: a syntax error. */
  readonly position?: Position | undefined;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead: an imperative sentence. */
  readonly fix: string;
}

/** A problem with its place in the file, and the check that found it. */
export interface RuleFinding {
  /** Id of the check, kebab-case. */
  readonly check: string;
  readonly severity: RuleSeverity;
  /** The file, or what else holds the configuration. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The rule, such as `rules[0]`; absent for what is about the whole file. */
  readonly rule?: string | undefined;
  /** The field inside the rule or the file, such as `seriesFilters[0].is`; absent for the whole of it. */
  readonly field?: string | undefined;
  readonly message: string;
  readonly fix: string;
}
