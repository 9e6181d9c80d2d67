import type { Finding, Severity } from '../core/check';
import { refText } from '../core/kube/object';
import { hang, paintOf, type Paint, type Style } from './style';

const SEVERITIES = ['error', 'warning', 'info'] as const satisfies readonly Severity[];

/** How much there was to check. */
export interface Checked {
  readonly autoscalers: number;
}

/**
 * What a check of the chain found, for a terminal: one block a finding, a sentence for each that is accepted, and a line
 * of totals.
 */
export function findingsText(findings: readonly Finding[], checked: Checked, style: Style): string {
  const paint = paintOf(style);
  const open = findings.filter(isOpen);
  const accepted = findings.filter((finding) => !isOpen(finding));
  const total = open.length === 0 ? soundText(checked, paint) : totals(open);
  return `${blocks(open, style, paint)}${accepted.map((finding) => acceptedText(finding, style)).join('')}${total}\n`;
}

/** The outcome of a check that found nothing broken in one line, for a report about something else. */
export function checkSummary(findings: readonly Finding[], checked: Checked, style: Style): string {
  const open = findings.filter(isOpen);
  if (open.length === 0) return `${soundText(checked, paintOf(style))}\n`;
  return `No link of the chain is broken; plimsoll check tells more: ${totals(open)}.\n`;
}

/** Whether nobody has said yet that it stays. */
function isOpen({ accepted }: Finding): boolean {
  return accepted === undefined;
}

function acceptedText({ check, object, accepted }: Finding, { width }: Style): string {
  return `${hang('accepted ', `${refText(object)} [${check}]: ${accepted}`, width)}\n\n`;
}

/** Only what breaks the chain, for a terminal. */
export function brokenLinksText(findings: readonly Finding[], style: Style): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return `${blocks(errors, style, paintOf(style))}${totals(errors)}\n\n`;
}

function blocks(findings: readonly Finding[], style: Style, paint: Paint): string {
  return findings.map((finding) => `${findingLines(finding, style, paint)}\n`).join('');
}

/** Without an autoscaler there is no chain that could hold. */
function soundText({ autoscalers }: Checked, paint: Paint): string {
  if (autoscalers > 0) return paint.good('Every link of the chain holds.');
  return paint.notice(
    'Nothing is wrong, but there is no HorizontalPodAutoscaler and no ScaledObject: there is no chain to check.',
  );
}

function findingLines(finding: Finding, { width }: Style, paint: Paint): string {
  const { severity, check, object, constructPath, message, fix } = finding;
  const color = { error: paint.bad, warning: paint.notice, info: paint.accent }[severity];
  const path = constructPath === undefined ? '' : paint.dim(` (${constructPath})`);
  return [
    `${color(severity)} ${paint.bold(refText(object))}${path} ${paint.dim(`[${check}]`)}`,
    hang('  ', message, width),
    hang('  fix: ', fix, width),
    '',
  ].join('\n');
}

function totals(findings: readonly Finding[]): string {
  return SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => plural(count, severity))
    .join(', ');
}

function plural(count: number, severity: Severity): string {
  if (severity === 'info') return `${count} not verified`;
  return `${count} ${severity}${count === 1 ? '' : 's'}`;
}

/** The findings as JSON: an array, in the order of the check. */
export function findingsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}
