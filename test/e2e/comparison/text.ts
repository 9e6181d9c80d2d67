import { hang, paintOf, type Style } from '../../../report';
import type { AutoscalerComparison, Comparison, SizeStep } from './compare';

/** A comparison for a terminal: per autoscaler both runs' changes of size side by side, and the checks. */
export function comparisonText({ run, met, autoscalers }: Comparison, style: Style): string {
  const paint = paintOf(style);
  const verdict = met ? paint.good('as rehearsed') : paint.bad('not as rehearsed');
  const sections = autoscalers.map((autoscaler) =>
    [
      paint.bold(autoscaler.autoscaler),
      ...anchorLines(autoscaler),
      ...stepLines(autoscaler),
      ...autoscaler.checks.map(({ name, met: held, detail }) => {
        const paintLine = held ? paint.good : paint.bad;
        return paintLine(hang(`  ${held ? '✓' : '✗'} `, `${name}: ${detail}`, style.width));
      }),
    ].join('\n'),
  );
  return `${[`${paint.bold(`${run}: `)}${verdict}`, ...sections].join('\n\n')}\n`;
}

/** A comparison as JSON. */
export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparison, undefined, 2)}\n`;
}

function anchorLines({ anchors }: AutoscalerComparison): string[] {
  return anchors.map(({ name, realMs, rehearsedMs }) => {
    const offset = realMs - rehearsedMs;
    return `  time counts from ${name}: real ${seconds(realMs)}, rehearsed ${seconds(rehearsedMs)}, offset ${signed(offset)}`;
  });
}

function stepLines({ real, rehearsed }: AutoscalerComparison): string[] {
  const rows = Math.max(real.length, rehearsed.length);
  if (rows === 0) return ['  no change of size'];
  const head = ['  real', 'rehearsed', 'real later by'];
  const body = Array.from({ length: rows }, (_, index) => {
    const [a, b] = [real[index], rehearsed[index]];
    return [`  ${stepText(a)}`, stepText(b), a && b ? signed(a.atMs - b.atMs) : ''];
  });
  return [head, ...body].map((cells) =>
    cells
      .map((cell, index) => (index < 2 ? cell.padEnd(24) : cell.padStart(13)))
      .join('')
      .trimEnd(),
  );
}

function stepText(step: SizeStep | undefined): string {
  return step ? `${seconds(step.atMs).padStart(9)}  ${step.from} → ${step.to}` : '-';
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function signed(milliseconds: number): string {
  return `${milliseconds < 0 ? '−' : '+'}${seconds(Math.abs(milliseconds))}`;
}
