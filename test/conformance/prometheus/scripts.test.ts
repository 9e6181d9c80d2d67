import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CaseResult,
  type Feature,
  NATIVE_HISTOGRAMS,
  runScript,
  SERVER_FEATURES,
  tally,
  TEST_ENGINE_FEATURES,
} from '../../../core/promqltest';
import { prometheusVersion, scriptsFolder } from './module';

const PAGE = join(__dirname, '../../../docs/promql.md');
const TABLE = /(?<=<!-- scripts: begin -->\n\n)[^]*?(?=\n\n<!-- scripts: end -->)/;

const FOLDER = scriptsFolder();
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.test'))
  .sort();
const AS_TESTED = NAMES.map((name) => run(name, TEST_ENGINE_FEATURES));
const AS_SERVER = NAMES.map((name) => run(name, SERVER_FEATURES));

interface Script {
  readonly name: string;
  readonly results: readonly CaseResult[];
}

function run(name: string, features: readonly Feature[]): Script {
  return { name, results: [...runScript(readFileSync(join(FOLDER, name), 'utf8'), features)] };
}

function title({ name, results }: Script): string {
  const { cases, passed, skipped } = tally(results);
  const reasons = [...skipped].map(([reason, count]) => `, ${count} skipped: ${reason}`);
  return `${name}: ${passed} of ${cases} cases pass${reasons.join('')}`;
}

function failures({ results }: Script): readonly CaseResult[] {
  return results.filter(({ status }) => status === 'failed');
}

function reasons({ results }: Script): readonly string[] {
  return [...tally(results).skipped.keys()];
}

describe(`the test scripts of Prometheus ${prometheusVersion()}`, () => {
  it('are there', () => {
    expect(NAMES.length).toBeGreaterThan(15);
  });

  describe('with the features of the engine that Prometheus runs them with', () => {
    it.each(AS_TESTED.map((script) => [title(script), script] as const))('%s', (_, script) => {
      expect(failures(script)).toEqual([]);
      expect(reasons(script).filter((reason) => reason !== NATIVE_HISTOGRAMS)).toEqual([]);
    });
  });

  describe('as a server without flags', () => {
    it.each(AS_SERVER.map((script) => [title(script), script] as const))('%s', (_, script) => {
      expect(failures(script)).toEqual([]);
      expect(reasons(script).filter((reason) => !/^(?:native histograms$|needs )/.test(reason))).toEqual([]);
    });
  });

  it('have the counts that docs/promql.md shows', () => {
    const page = readFileSync(PAGE, 'utf8');
    const table = tableText();
    if (process.env['UPDATE_DOCS'])
      writeFileSync(
        PAGE,
        page.replace(TABLE, () => table),
      );
    else expect(TABLE.exec(page)?.[0]).toBe(table);
  });
});

/** The table of the page; written anew with UPDATE_DOCS=1. */
function tableText(): string {
  const rows = NAMES.map((name, index) => rowOf(name, [AS_TESTED[index]], [AS_SERVER[index]]));
  const all = [HEADER, ...rows, rowOf('all', AS_TESTED, AS_SERVER)];
  const widths = HEADER.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = all.map((row) =>
    line(
      row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      ),
    ),
  );
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  );
  return [padded[0], rule, ...padded.slice(1)].join('\n');
}

const HEADER = [
  ...['Script', 'Cases', 'Passed', 'Native histograms', 'Failed'],
  ...['Server: passed', 'needs a feature', 'failed'],
];

function rowOf(
  name: string,
  tested: readonly (Script | undefined)[],
  server: readonly (Script | undefined)[],
): readonly string[] {
  const [first, second] = [tested, server].map((scripts) =>
    tally(scripts.flatMap((script) => script?.results ?? [])),
  );
  if (!first || !second) return [];
  const native = first.skipped.get(NATIVE_HISTOGRAMS) ?? 0;
  const needing = second.cases - second.passed - second.failed - (second.skipped.get(NATIVE_HISTOGRAMS) ?? 0);
  return [
    name,
    ...[first.cases, first.passed, native, first.failed, second.passed, needing, second.failed].map(String),
  ];
}
