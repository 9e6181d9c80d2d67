import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULE_CHECKS } from '../../core/rule-check';
import { MISSING_REASONS } from '../../core/rule-explain';
import { ExplainingAdapter, SERVER_NAME, TOKEN } from '../cli/explaining-adapter';
import { run } from '../cli/run';
import { temporaryFolder } from '../cli/temporary-folder';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8');
/** Commands of the page with the output that it shows for them. */
const COMMANDS = [...page.matchAll(/```sh\nnpx plimsoll (rules [^\n]*)\n```\n\n```text\n(.*?)\n```/gs)].map(
  ([, command = '', output = '']) => [command, output] as const,
);
const ADAPTER = /--adapter \S+/;
const EXPLAINED = COMMANDS.filter(([command]) => ADAPTER.test(command));
const SHOWN = COMMANDS.filter(([command]) => !ADAPTER.test(command));
const MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/** Files that the page shows. */
const FILES = [...page.matchAll(/`(docs\/rules\/[\w.]+)`:\n\n```yaml\n(.*?)\n```/gs)].map(
  ([, path = '', text = '']) => [path, text] as const,
);

/** Cells of the rows that begin with a word in back quotes, below a heading. */
function rowsBelow(heading: string): string[][] {
  const [, table = ''] = page.split(heading);
  const lines = table.split('\n\n')[0]?.split('\n') ?? [];
  return lines
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const folder = temporaryFolder();

describe('docs/rules.md', () => {
  it('shows a check, explanations and tests', () => {
    expect([SHOWN.length, EXPLAINED.length]).toEqual([5, 1]);
    expect(FILES).toHaveLength(2);
  });

  it.each(SHOWN)('shows what `plimsoll %s` prints', async (command, output) => {
    const words = command.split(' ').map((word) => (word.startsWith('docs/') ? join(ROOT, word) : word));
    const { stdout } = await run(...words);
    // Long paths break lines elsewhere; words and their order are what counts.
    expect(wordsOf(stdout.replaceAll(`${ROOT}/`, ''))).toEqual(wordsOf(output));
  });

  it.each(EXPLAINED)('shows what `plimsoll %s` prints', async (command, output) => {
    const adapter = await ExplainingAdapter.start({
      config: readFileSync(join(ROOT, 'docs/rules/adapter.yaml'), 'utf8'),
      series: readFileSync(join(ROOT, 'docs/rules/series.txt'), 'utf8'),
      pods: ['web-1', 'web-2'],
    });
    const authority = folder.write('ca.crt', adapter.authority);
    const words = command.replace(ADAPTER, `--adapter ${adapter.url}`).split(' ');
    const { stdout } = await run(
      ...words,
      '--token',
      TOKEN,
      '--server-name',
      SERVER_NAME,
      '--ca-file',
      authority,
    );
    await adapter.stop();
    // The series of the file have no day.
    expect(wordsOf(stdout.replace(MOMENT, 'THEN'))).toEqual(wordsOf(output.replace(MOMENT, 'THEN')));
  });

  it.each(FILES)('shows %s as it is', (path, text) => {
    expect(text).toBe(readFileSync(join(ROOT, path), 'utf8').trimEnd());
  });

  it('lists every check, in order', () => {
    const listed = RULE_CHECKS.map(({ id, severity, title }) => [`\`${id}\``, severity, title]);
    expect(rowsBelow(/\| Check .*\n/.exec(page)?.[0] ?? '')).toEqual(listed);
  });

  it('lists every reason, in order', () => {
    const reasons = rowsBelow(/\| Reason .*\n/.exec(page)?.[0] ?? '').map(([reason]) => reason);
    expect(reasons).toEqual(MISSING_REASONS.map((reason) => `\`${reason}\``));
  });
});

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
