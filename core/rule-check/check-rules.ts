import { type ApiResources } from '../kube/api-resources';
import { RestMapper } from '../rules';
import { pathText, type YamlPath, YamlSource } from '../yaml';
import { type RuleCheckContext } from './check';
import { RULE_CHECKS } from './checks';
import { type ConfigText } from './config-text';
import { type RuleFinding, type RuleProblem } from './finding';
import { sampleQueries } from './queries';
import { readStructure } from './structure';
import { subjectOf } from './subject';

export interface RuleCheckOptions {
  /** What the cluster serves. */
  readonly resources: ApiResources;
  /** How often Prometheus scrapes, if that is known: windows of rates are held against it. */
  readonly scrapeIntervalMs?: number | undefined;
}

export interface RuleCheckResult {
  /** In the order of the file. */
  readonly findings: readonly RuleFinding[];
  /** How many rules could be read. */
  readonly rules: number;
}

/**
 * Everything that is wrong with a configuration of prometheus-adapter, as far as the file tells: all problems of all
 * rules, in the order of the file.
 */
export function checkRules(config: ConfigText, options: RuleCheckOptions): RuleCheckResult {
  const context = contextOf(config, options);
  const findings = RULE_CHECKS.flatMap((check) =>
    [...check.run(context)].map((problem) => placed(problem, check, config.where, context.source)),
  );
  const distinct = new Map(
    findings.map((finding) => [
      [finding.check, finding.line, finding.column, finding.message].join('\n'),
      finding,
    ]),
  );
  return {
    findings: [...distinct.values()].sort((a, b) => a.line - b.line || a.column - b.column),
    rules: context.structure.rules.length,
  };
}

function contextOf(config: ConfigText, { resources, scrapeIntervalMs }: RuleCheckOptions): RuleCheckContext {
  const source = YamlSource.open(config.text);
  const mapper = new RestMapper(resources);
  const structure = readStructure(source, config.where);
  const subjects = structure.rules.map((rule) => subjectOf(rule, mapper));
  const queries = subjects.flatMap((subject) => sampleQueries(subject, mapper));
  return { source, structure, subjects, queries, resources, mapper, scrapeIntervalMs };
}

function placed(
  { field, atKey, position, message, fix }: RuleProblem,
  { id, severity }: { readonly id: string; readonly severity: RuleFinding['severity'] },
  file: string,
  source: YamlSource,
): RuleFinding {
  const found = position ?? (atKey ? source.keyPositionOf(field) : source.positionOf(field));
  const { rule, inside } = split(field);
  return {
    check: id,
    severity,
    file,
    ...found,
    ...(rule.length > 0 ? { rule: pathText(rule) } : {}),
    ...(inside.length > 0 ? { field: pathText(inside) } : {}),
    message,
    fix,
  };
}

/** `rules[0]`, and the way from there. */
function split(field: YamlPath): { readonly rule: YamlPath; readonly inside: YamlPath } {
  const isRule = typeof field[1] === 'number';
  return isRule ? { rule: field.slice(0, 2), inside: field.slice(2) } : { rule: [], inside: field };
}
