import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { run, type Ran } from './run';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
beforeEach(() => {
  mkdirSync(folder.path('.git'));
});

const synth = (...words: readonly string[]): Promise<Ran> =>
  run('synth', 'aks', '--gitops', folder.path(), ...words);
/** Every file with the time of its last change. */
const times = (): Record<string, number> =>
  Object.fromEntries(
    readdirSync(folder.path(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`)
      .map((path) => [path, statSync(path).mtimeMs]),
  );

describe('plimsoll synth --gitops', () => {
  it('writes a tree, and the second time nothing', async () => {
    const first = await synth();
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain('written    clusters/aks/plimsoll/stages/adapter/objects.yaml\n');
    expect(first.stdout).toMatch(/\n20 written, 0 unchanged, 0 removed\.\n$/);
    const before = times();
    const second = await synth();
    expect(second.stdout).not.toContain('written ');
    expect(second.stdout).toMatch(/\nNothing to write: all 20 files are as they should be\.\n$/);
    expect(times()).toEqual(before);
  });

  it('writes only what an option changes, and removes what it takes away', async () => {
    await synth();
    const { stdout } = await synth('--set', 'max=12');
    expect(stdout).toContain('written    clusters/aks/plimsoll/stages/autoscaling/objects.yaml\n');
    expect(stdout).toContain('\n1 written, 19 unchanged, 0 removed.\n');
    const without = await synth('--set', 'max=12', '--existing-release', 'prometheus-operator-crds');
    expect(without.stdout).toContain(
      'removed    clusters/aks/plimsoll/charts/operators/prometheus-operator-crds.yaml\n',
    );
    expect(without.stdout).toContain('\n1 written, 17 unchanged, 2 removed.\n');
  });

  it('writes nothing to dist/', async () => {
    await synth('--output', folder.path('dist'));
    expect(readdirSync(folder.path())).toEqual(['.git', 'clusters']);
  });

  it('takes every option together', async () => {
    const { exitCode, stderr } = await synth(
      ...['--set', 'registry=team.azurecr.io', '--gitops-path', 'fleet/blue', '--suspend', 'load'],
      ...[
        '--ignore',
        'Namespace/load-test',
        '--git-url',
        'ssh://git@example.com/fleet',
        '--git-branch',
        'blue',
      ],
      ...['--source-secret', 'key', '--image-policies', '--image-range', 'adapter=1.x'],
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const text = (file: string): string => readFileSync(folder.path('fleet/blue/plimsoll', file), 'utf8');
    expect(text('sync.yaml')).toContain('branch: blue');
    expect(text('images.yaml')).toContain('range: 1.x');
    expect(text('stages.yaml')).toContain('suspend: true');
  });

  it('keeps a version that Flux committed', async () => {
    const options = ['--set', 'registry=team.azurecr.io', '--image-policies'];
    await synth(...options);
    const path = 'clusters/aks/plimsoll/stages/adapter/objects.yaml';
    const text = readFileSync(folder.path(path), 'utf8');
    folder.write(path, text.replace('adapter:0.1.0 #', 'adapter:0.1.7 #'));
    expect((await synth(...options)).stdout).toContain('Nothing to write');
    expect(readFileSync(folder.path(path), 'utf8')).toContain('adapter:0.1.7 #');
  });

  it.each([
    [['--suspend', 'lod'], '--suspend lod: no stage of stack aks'],
    [['--git-url', 'git@github.com:me/fleet'], 'Flux does not read git@HOST:PATH'],
    [['--git-url', 'ssh://git@github.com/me/fleet'], 'name the Secret that holds it with --source-secret'],
    [['--git-branch', 'main'], '--git-branch needs --git-url'],
    [['--oci-tag', 'v1'], '--oci-tag needs --oci-url'],
    [['--oci-url', 'oci://example.com/fleet:v1'], 'write oci://HOST[:PORT]/PATH without a tag'],
    [['--source-secret', 'key'], '--source-secret needs --git-url or --oci-url'],
    [['--git-url', 'https://example.com/a', '--oci-url', 'oci://example.com/a'], 'not both'],
    [['--image-range', 'adapter=1.x'], '--image-range says which versions --image-policies takes'],
    [['--image-policies', '--image-range', 'adapter'], '--image-range adapter: write IMAGE=RANGE'],
    [['--image-policies'], 'is in no registry that Flux could look into'],
    [['--gitops-path', '../up'], '--gitops-path ../up: must lead to a folder'],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stderr } = await synth(...words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder.path())).toEqual(['.git']);
  });

  it('says that the other options need it', async () => {
    const { exitCode, stderr } = await run('synth', 'aks', '--suspend', 'load');
    expect([exitCode, stderr]).toEqual([
      2,
      'plimsoll: --suspend says how Flux is to do it: name --gitops DIR too\n',
    ]);
  });
});
