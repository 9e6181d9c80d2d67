import { messageOf, UsageError } from '../errors';
import { expand, GoRegexp, type RegexpMatch } from '../kube/go-regexp';
import type { RelabelConfig } from '../kube/kinds/monitoring';
import type { Labels } from '../kube/selector';
import { md5Hex } from './md5';

const DEFAULT_SEPARATOR = ';';
const DEFAULT_REGEX = '(.*)';
const DEFAULT_REPLACEMENT = '$1';

const ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;
type Action = (typeof ACTIONS)[number];

/** Actions that write to, or compare with, a label that the rule must name. */
const NEEDS_TARGET: readonly Action[] = [
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
];

/** One rule with its defaults filled in and its expression compiled. */
interface Rule {
  readonly action: Action;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** Absent for the default expression, which matches any text as its first group. */
  readonly regex: GoRegexp | undefined;
  readonly modulus: number;
  readonly targetLabel: string;
  readonly replacement: string;
}

const compiled = new WeakMap<RelabelConfig, Rule>();

/**
 * Applies rules in order, as Prometheus 3 does (`model/relabel`). Expressions are anchored at both ends and their
 * `.` matches newlines; a label that becomes empty is gone.
 *
 * @returns the new labels, or `undefined` if a rule drops the target or the series
 * @throws UsageError if a rule is one Prometheus would refuse
 */
export function relabel(labels: Labels, configs: readonly RelabelConfig[]): Labels | undefined {
  // To Prometheus, a label without a value is not there.
  const current = new Map(Object.entries(labels).filter(([, value]) => value !== ''));
  for (const config of configs) {
    if (!apply(ruleOf(config), current)) return undefined;
  }
  return Object.fromEntries(current);
}

/** Why Prometheus, or the operator before it, refuses a rule; `undefined` if it does not. */
export function relabelProblem(config: RelabelConfig): string | undefined {
  try {
    ruleOf(config);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function ruleOf(config: RelabelConfig): Rule {
  let rule = compiled.get(config);
  if (!rule) {
    rule = compile(config);
    compiled.set(config, rule);
  }
  return rule;
}

function compile(config: RelabelConfig): Rule {
  const name = (config.action || 'replace').toLowerCase();
  const action = ACTIONS.find((known) => known === name);
  if (!action) throw new UsageError(`"${config.action ?? ''}" is not a relabelling action`);
  const rule: Rule = {
    action,
    sourceLabels: config.sourceLabels ?? [],
    separator: config.separator ?? DEFAULT_SEPARATOR,
    regex: compileRegex(config.regex),
    modulus: config.modulus ?? 0,
    targetLabel: config.targetLabel ?? '',
    replacement: config.replacement ?? DEFAULT_REPLACEMENT,
  };
  requireFields(rule);
  return rule;
}

function compileRegex(source: string | undefined): GoRegexp | undefined {
  if (!source || source === DEFAULT_REGEX) return undefined;
  return GoRegexp.compile(`^(?s:${source})$`, `invalid regex "${source}"`);
}

function requireFields(rule: Rule): void {
  const { action } = rule;
  if (NEEDS_TARGET.includes(action) && rule.targetLabel === '') {
    throw new UsageError(`relabelling action ${action} needs a targetLabel`);
  }
  if (action === 'hashmod' && !(rule.modulus > 0)) {
    throw new UsageError('relabelling action hashmod needs a modulus above zero');
  }
  if (action === 'labelmap' && rule.replacement === '') {
    throw new UsageError('relabelling action labelmap needs a replacement that is not empty');
  }
  const plain =
    rule.separator === DEFAULT_SEPARATOR && rule.replacement === DEFAULT_REPLACEMENT && rule.modulus === 0;
  if ((action === 'lowercase' || action === 'uppercase') && rule.replacement !== DEFAULT_REPLACEMENT) {
    throw new UsageError(`relabelling action ${action} takes no replacement`);
  }
  if ((action === 'keepequal' || action === 'dropequal') && (!plain || rule.regex)) {
    throw new UsageError(`relabelling action ${action} takes sourceLabels and targetLabel only`);
  }
  if (
    (action === 'labeldrop' || action === 'labelkeep') &&
    (!plain || rule.sourceLabels.length + rule.targetLabel.length > 0)
  ) {
    throw new UsageError(`relabelling action ${action} takes a regex only`);
  }
}

/** Changes the labels by one rule; false drops them. */
function apply(rule: Rule, labels: Map<string, string>): boolean {
  const value = rule.sourceLabels.map((name) => labels.get(name) ?? '').join(rule.separator);
  switch (rule.action) {
    case 'keep':
      return matches(rule, value);
    case 'drop':
      return !matches(rule, value);
    case 'keepequal':
      return (labels.get(rule.targetLabel) ?? '') === value;
    case 'dropequal':
      return (labels.get(rule.targetLabel) ?? '') !== value;
    case 'replace':
      replace(rule, value, labels);
      return true;
    case 'lowercase':
      setLabel(labels, rule.targetLabel, value.toLowerCase());
      return true;
    case 'uppercase':
      setLabel(labels, rule.targetLabel, value.toUpperCase());
      return true;
    case 'hashmod':
      setLabel(labels, rule.targetLabel, hashMod(value, rule.modulus));
      return true;
    case 'labelmap':
    case 'labeldrop':
    case 'labelkeep':
      changeNames(rule, labels);
      return true;
  }
}

function replace(rule: Rule, value: string, labels: Map<string, string>): void {
  const match = find(rule, value);
  if (!match) return;
  const target = expand(rule.targetLabel, match);
  if (target !== '') setLabel(labels, target, expand(rule.replacement, match));
}

/** The actions that look at label names. Names are taken in order, so that two that map to one have a fixed winner. */
function changeNames(rule: Rule, labels: Map<string, string>): void {
  for (const [name, value] of [...labels].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const match = find(rule, name);
    if (rule.action === 'labelmap') {
      if (match) setLabel(labels, expand(rule.replacement, match), value);
    } else if ((rule.action === 'labeldrop') === (match !== undefined)) {
      labels.delete(name);
    }
  }
}

function matches(rule: Rule, value: string): boolean {
  return rule.regex === undefined || rule.regex.matches(value);
}

function find(rule: Rule, value: string): RegexpMatch | undefined {
  return rule.regex ? rule.regex.find(value) : { numbered: [value, value], named: new Map() };
}

function setLabel(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

/** The last 8 bytes of the MD5, big-endian, modulo. */
function hashMod(value: string, modulus: number): string {
  return (BigInt(`0x${md5Hex(value).slice(16)}`) % BigInt(modulus)).toString();
}
