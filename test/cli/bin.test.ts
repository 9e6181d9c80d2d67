import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stacks } from '../../stacks';
import { temporaryFolder } from './temporary-folder';

const project = join(__dirname, '../..');
const folder = temporaryFolder();
// The first run may have to compile the project.
jest.setTimeout(120_000);

function runFile(
  file: string,
  ...words: readonly string[]
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(project, file), ...words], { encoding: 'utf8', cwd: project });
}

function contentsOf(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((file) => [file.slice(path.length + 1), readFileSync(file, 'utf8')]));
}

describe('the plimsoll program', () => {
  it('rehearses the kind stack from its written files exactly as from its constructs', () => {
    const plimsoll = (...words: readonly string[]): { status: number | null; stdout: string } =>
      runFile('cli/bin/plimsoll.js', 'rehearse', ...words, '--json');
    const ofStack = plimsoll('kind', '--output', folder.path('dist'));
    const written = [
      '--manifests',
      folder.path('dist/manifests/kind'),
      '--scenario',
      folder.path('dist/kind/scenario.yaml'),
    ];
    const ofFiles = plimsoll(...written, '--output', folder.path('other'));
    expect(ofStack.status).toBe(0);
    expect(ofFiles).toMatchObject({ status: 0, stdout: ofStack.stdout });
  });

  it('prints plain text and ends with 2 on input that it cannot use', () => {
    const { status, stdout, stderr } = runFile('cli/bin/plimsoll.js', 'rehearse', 'kind', '--until', 'soon');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^(plimsoll: compiling.*\n)?plimsoll: --until: write a duration.*\n$/);
  });
});

describe('what becomes of the output', () => {
  const recordings = join(project, 'test/core/hpa/recordings');
  const replay = `cat ${recordings}/*.jsonl | node cli/bin/plimsoll.js hpa replay`;

  function inShell(script: string): { readonly stdout: string; readonly stderr: string } {
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: project });
    return { stdout, stderr: stderr.replace(/^plimsoll: compiling.*\n/, '') };
  }

  it('is of no concern once its reader has seen enough', () => {
    const script = `${replay} | head -c 1; echo " \${PIPESTATUS[1]}"`;
    expect(inShell(script)).toEqual({ stdout: '{ 0\n', stderr: '' });
  });

  it('is said where it cannot be written', () => {
    const { stdout, stderr } = inShell(`${replay} > /dev/full; echo $?`);
    expect(stdout).toBe('2\n');
    expect(stderr).toMatch(/^plimsoll: the output cannot be written: ENOSPC.*\n$/);
  });
});

describe('cdk8s synth', () => {
  it('writes the same manifests as plimsoll synth, byte for byte', () => {
    const cdk8s = runFile(
      'node_modules/.bin/cdk8s',
      'synth',
      '--no-check-upgrade',
      '--output',
      folder.path('cdk8s'),
    );
    expect(cdk8s.status).toBe(0);
    for (const { name } of stacks) {
      expect(runFile('cli/bin/plimsoll.js', 'synth', name, '--output', folder.path('dist')).status).toBe(0);
    }
    const manifests = contentsOf(folder.path('cdk8s'));
    expect(Object.keys(manifests)).not.toEqual([]);
    expect(manifests).toEqual(contentsOf(folder.path('dist/manifests')));
  });
});
