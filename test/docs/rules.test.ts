import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULE_CHECKS } from '../../core/rule-check';
import { MISSING_REASONS } from '../../core/rule-explain';
import { run } from '../cli/run';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8');
/** Commands of the page with the output that it shows for them. */
const SHOWN = [...page.matchAll(/```sh\nnpx plimsoll (rules [^\n]*)\n```\n\n```text\n(.*?)\n```/gs)].map(
  ([, command = '', output = '']) => [command, output] as const,
);
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

describe('docs/rules.md', () => {
  it('shows a check, explanations and tests', () => {
    expect(SHOWN).toHaveLength(5);
    expect(FILES).toHaveLength(2);
  });

  it.each(SHOWN)('shows what `plimsoll %s` prints', async (command, output) => {
    const words = command.split(' ').map((word) => (word.startsWith('docs/') ? join(ROOT, word) : word));
    const { stdout } = await run(...words);
    // Long paths break lines elsewhere; words and their order are what counts.
    expect(wordsOf(stdout.replaceAll(`${ROOT}/`, ''))).toEqual(wordsOf(output));
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
