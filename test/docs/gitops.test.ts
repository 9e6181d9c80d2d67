import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { run } from '../cli/run';
import { temporaryFolder } from '../cli/temporary-folder';

const page = readFileSync(join(__dirname, '../../docs/gitops.md'), 'utf8');
/** Commands of the page with the output that it shows for them. */
const SHOWN = [...page.matchAll(/```sh\nnpx plimsoll ([^\n]*)\n```\n\n```text\n(.*?)\n```/gs)].map(
  ([, command = '', output = '']) => [command, output] as const,
);
/** What the page shows of files. */
const EXCERPTS = [...page.matchAll(/```yaml\n(.*?)\n```/gs)].map(([, text = '']) => text);
const STAGES = 'clusters/aks/plimsoll/stages.yaml';

const fleet = temporaryFolder();
beforeEach(() => {
  mkdirSync(fleet.path('.git'));
});

async function outputOf(command: string): Promise<string> {
  const words = command.split(' ').map((word) => (word === '../fleet' ? fleet.path() : word));
  const { stdout, stderr } = await run(...words);
  return (stdout + stderr).trimEnd();
}

describe('docs/gitops.md', () => {
  it('shows what its commands print, one after the other', async () => {
    expect(SHOWN).toHaveLength(4);
    for (const [command, output] of SHOWN)
      expect([command, await outputOf(command)]).toEqual([command, output]);
  });

  it('shows files as the last command leaves them', async () => {
    expect(EXCERPTS).toHaveLength(2);
    for (const [command] of SHOWN) await outputOf(command);
    const texts = [STAGES, 'clusters/aks/plimsoll/stages/adapter/objects.yaml'].map((path) =>
      readFileSync(fleet.path(path), 'utf8'),
    );
    for (const excerpt of EXCERPTS) expect(texts.some((text) => text.includes(excerpt))).toBe(true);
  });

  it('cleans up from the last stage to the first', async () => {
    await outputOf('synth aks --gitops ../fleet');
    const [command = ''] = /(?<=\n)awk '[^']*' \S+/.exec(page) ?? [];
    const printed = execFileSync('bash', ['-c', command.replace('../fleet', fleet.path())], {
      encoding: 'utf8',
    });
    const names = parseAllDocuments(readFileSync(fleet.path(STAGES), 'utf8')).map((document) =>
      String(document.getIn(['metadata', 'name'])),
    );
    expect(printed.trim().split('\n')).toEqual(names.reverse());
  });

  it.each(['kind', 'eks-fargate'])('has commands for %s with the names that its stack has', async (stack) => {
    const commands = [...page.matchAll(new RegExp(`npx plimsoll (synth ${stack} --gitops .*)`, 'g'))];
    expect(commands.length).toBeGreaterThan(0);
    for (const [, command = ''] of commands.filter(([, text = '']) => !text.includes('worklod'))) {
      expect(await outputOf(command.replace('ACCOUNT', '123456789012').replace('TEAM', 'team'))).toMatch(
        /removed\.$/,
      );
    }
  });
});
