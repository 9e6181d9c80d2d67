import type { RuleTestResult } from '../core/rule-test';
import { explanationText } from './rule-explanation';
import { hang, paintOf, type Style } from './style';

/** The tests of one file. */
export interface TestedFile {
  readonly file: string;
  readonly results: readonly RuleTestResult[];
}

/** How tests ended, for a terminal: a line for each that passed, a comparison for each that did not, and totals. */
export function ruleTestsText(files: readonly TestedFile[], style: Style): string {
  const paint = paintOf(style);
  const lines = files.flatMap(({ file, results }) =>
    results.map((result) => {
      const passed = result.differences.length === 0;
      const verdict = passed ? paint.good('ok    ') : paint.bad('FAILED');
      const head = `${verdict} ${paint.dim(`${file}:${result.line}`)} ${result.name}`;
      return passed ? head : `${head}\n${failureText(result, style)}`;
    }),
  );
  const { passed, failed } = totals(files);
  const counts = [
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(failed > 0 ? [paint.bad(`${failed} failed`)] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n\n${passed + failed === 1 ? '1 test' : `${passed + failed} tests`}: ${counts.join(', ')}\n`;
}

function failureText({ differences, explanation, at }: RuleTestResult, style: Style): string {
  const paint = paintOf(style);
  const lines = differences.flatMap(({ what, expected, got, hint }) => [
    `  ${what} at ${at}`,
    ...only(expected, got).map((line) => paint.good(`  - expected ${line}`)),
    ...only(got, expected).map((line) => paint.bad(`  + got      ${line}`)),
    ...(got.length === 0 ? [paint.bad('  + got      nothing')] : []),
    ...(hint === undefined ? [] : [hang('  ', hint, style.width)]),
  ]);
  const told = explanation ? explanationText(explanation, { ...style, width: style.width - 4 }) : '';
  const indented = told
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `    ${line}`);
  return [...lines, ...indented, ''].join('\n');
}

/** Lines that the other list does not have. */
function only(lines: readonly string[], others: readonly string[]): string[] {
  const left = lines.filter((line) => !others.includes(line));
  return left.length > 0 ? left : lines.slice(0, lines.length === others.length ? undefined : 0);
}

function totals(files: readonly TestedFile[]): { readonly passed: number; readonly failed: number } {
  const results = files.flatMap((file) => file.results);
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  return { passed: results.length - failed, failed };
}
