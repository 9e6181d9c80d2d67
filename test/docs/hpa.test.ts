import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../cli/main';
import { firstDifference, readRecording, replay } from '../../core/hpa/recording';

const DOCS = join(__dirname, '../../docs');
const page = readFileSync(join(DOCS, 'hpa.md'), 'utf8');
/** Commands of the page with the output that it shows for them. */
const SHOWN = [...page.matchAll(/```sh\nnpx plimsoll (hpa [^\n]*)\n```\n\n```text\n(.*?)\n```/gs)].map(
  ([, command = '', output = '']) => [command, output] as const,
);

async function outputOf(command: string): Promise<string> {
  let said = '';
  const words = command.split(' ').map((word) => word.replace(/^docs/, DOCS));
  const stdout = { write: (text: string) => (said += text), columns: 100 };
  await main(words, { stdin: nothing(), stdout, stderr: { write: () => undefined }, env: {} });
  return said;
}

async function* nothing(): AsyncGenerator<string> {
  yield await Promise.resolve('');
}

describe('docs/hpa.md', () => {
  it('shows the three surprises', () => {
    expect(SHOWN).toHaveLength(3);
  });

  it.each(SHOWN)('shows what `plimsoll %s` prints', async (command, output) => {
    expect((await outputOf(command)).trimEnd()).toBe(output);
  });

  it.each(readdirSync(join(DOCS, 'hpa')))('%s is what the real controller did', (file) => {
    for (const line of readFileSync(join(DOCS, 'hpa', file), 'utf8')
      .trim()
      .split('\n')) {
      const { recording } = readRecording(JSON.parse(line));
      expect(recording.syncs.every(({ events }) => events !== undefined)).toBe(true);
      expect(firstDifference(recording, replay(recording))).toBeUndefined();
    }
  });
});
