import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../cli/run';

const DOCS = join(__dirname, '../../docs');
const page = readFileSync(join(DOCS, 'promql.md'), 'utf8');
const SCRIPT = readFileSync(join(DOCS, 'promql/requests.test'), 'utf8');

describe('docs/promql.md', () => {
  it('shows the script that it runs', () => {
    expect(page).toContain(`\`\`\`text\n${SCRIPT}\`\`\``);
  });

  it('shows what the command prints', async () => {
    const [, command = '', output = ''] =
      /```sh\nnpx plimsoll (promql [^\n]*)\n```\n\n```text\n(.*?)```/s.exec(page) ?? [];
    const words = command.split(' ').map((word) => word.replace(/^docs/, DOCS));
    const { exitCode, stdout } = await run(...words);
    expect(exitCode).toBe(1);
    expect(stdout.replaceAll(DOCS, 'docs')).toBe(output);
  });
});
