import type { RuleFinding } from '../core/rule-check';
import { hang, paintOf, type Style } from './style';

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** How much there was to check. */
export interface CheckedRules {
  readonly file: string;
  readonly rules: number;
  /** Whether there are `resourceRules` too. */
  readonly resourceRules: boolean;
}

/** What a check of a configuration found, for a terminal: one block a finding, and a line of totals. */
export function ruleFindingsText(
  findings: readonly RuleFinding[],
  checked: CheckedRules,
  style: Style,
): string {
  const paint = paintOf(style);
  if (findings.length === 0) {
    return `${paint.good(`${checked.file}: nothing is wrong with ${subjectText(checked)}.`)}\n`;
  }
  return `${findings.map((finding) => `${findingLines(finding, style)}\n`).join('')}${totals(findings)}\n`;
}

function subjectText({ rules, resourceRules }: CheckedRules): string {
  const counted = rules === 1 ? '1 rule' : `${rules} rules`;
  if (!resourceRules) return counted;
  return rules === 0 ? 'the resourceRules' : `${counted} and the resourceRules`;
}

function findingLines({ severity, check, message, fix, ...place }: RuleFinding, style: Style): string {
  const paint = paintOf(style);
  const color = { error: paint.bad, warning: paint.notice, info: paint.accent }[severity];
  const subject = [place.rule, place.field].filter((part) => part !== undefined).join('.');
  const position = `${place.file}:${place.line}:${place.column}`;
  const head = [
    color(severity),
    paint.bold(position),
    ...(subject === '' ? [] : [subject]),
    paint.dim(`[${check}]`),
  ];
  return [head.join(' '), hang('  ', message, style.width), hang('  fix: ', fix, style.width), ''].join('\n');
}

function totals(findings: readonly RuleFinding[]): string {
  return SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    return severity === 'info' ? `${count} not verified` : `${count} ${severity}${count === 1 ? '' : 's'}`;
  }).join(', ');
}

/** The findings as JSON: an array, in the order of the file. */
export function ruleFindingsJson(findings: readonly RuleFinding[]): string {
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}
