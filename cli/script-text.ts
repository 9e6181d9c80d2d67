import { basename } from 'node:path';
import { type CaseResult, printable, type ScriptTally, tally } from '../core/promqltest';
import { paintOf, type Paint, type Style } from '../report';

/** A script and what became of its cases. */
export interface RunScript {
  readonly file: string;
  readonly results: readonly CaseResult[];
}

/** What a failed case expected and got; nothing for any other. */
export function failureText(file: string, result: CaseResult, style: Style): string {
  if (result.status !== 'failed') return '';
  const paint = paintOf(style);
  const head = `${paint.bold(`${file}:${result.line}`)} ${printable(result.expression)}\n  ${paint.bad(printable(result.reason))}\n`;
  return `${head}${result.detail.map((line) => `    ${paintDifference(printable(line), paint)}\n`).join('')}\n`;
}

/** A table of scripts with a line of totals, and why cases were skipped. */
export function tableText(scripts: readonly RunScript[], style: Style): string {
  const paint = paintOf(style);
  const rows = scripts.map(({ file, results }) => rowOf(basename(file), tally(results)));
  const total = rowOf('', tally(scripts.flatMap(({ results }) => results)));
  const all = [HEADER, ...rows, ...(rows.length > 1 ? [total] : [])];
  const widths = HEADER.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row, index) => {
      const cells = row.map((cell, column) =>
        column === 0 || column === row.length - 1
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      );
      const line = cells.join('  ').trimEnd();
      return `${index === 0 ? paint.dim(line) : row[FAILED] === '0' ? line : paint.bad(line)}\n`;
    })
    .join('');
}

const HEADER: readonly string[] = ['script', 'cases', 'passed', 'failed', 'skipped', ''];
const FAILED = 3;

function rowOf(name: string, { cases, passed, failed, skipped }: ScriptTally): readonly string[] {
  const reasons = [...skipped].map(([reason, count]) => `${count} ${reason}`);
  return [...[name, ...[cases, passed, failed, cases - passed - failed].map(String)], reasons.join(', ')];
}

function paintDifference(line: string, paint: Paint): string {
  return line.startsWith('-') ? paint.good(line) : line.startsWith('+') ? paint.bad(line) : line;
}
