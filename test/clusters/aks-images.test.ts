import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOKEN_SCRIPT } from '../../constructs/clusters/aks/acr-token';
import { contextDigest } from '../../constructs/clusters/aks/context-digest';
import { dockerIgnore } from '../../constructs/clusters/aks/docker-ignore';
import type { BuiltImage } from '../../constructs/clusters/image-target';
import { DIGEST, made, SUBSCRIPTION } from './support/aks';
import { ADAPTER } from './support/inputs';
import { readOutput } from './support/recording-mocks';
import { ScriptBench } from './support/scripts';

const COMMAND = 'command:local:Command';
let folder = '';
let image: BuiltImage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-context-'));
  write('apps/adapter/Dockerfile', 'FROM scratch\n');
  image = { ...ADAPTER, context: folder };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content, { mode });
}

describe('images for AKS that Docker builds', () => {
  it('are pushed to a new registry with a token of whoever is logged in to az, which is a secret', async () => {
    const { recording, delivered } = await made();
    const host = 'hpawalkthroughabcd1234.azurecr.io';
    expect(recording.one('images/adapter')).toMatchObject({
      inputs: {
        tags: [`${host}/plimsoll/adapter:0.1.0`],
        platforms: ['linux/amd64'],
        push: true,
        registries: [{ address: host, username: '00000000-0000-0000-0000-000000000000', password: 'token' }],
      },
      secrets: ['registries[0].password'],
      deletedWith: { name: 'registry' },
    });
    expect(recording.one('registry').inputs).toMatchObject({
      adminUserEnabled: false,
      sku: { name: 'Basic' },
    });
    expect(await readOutput(delivered.reference)).toMatchObject({ value: `built@${DIGEST}` });
  });

  it('are pushed to a registry that is there, and stay in it', async () => {
    const { recording } = await made({
      registry: 'theirs.azurecr.io/team',
      settings: { registryResourceGroup: 'registries' },
    });
    expect(recording.one('images/adapter')).toMatchObject({
      inputs: {
        tags: ['theirs.azurecr.io/team/plimsoll/adapter:0.1.0'],
        registries: [{ address: 'theirs.azurecr.io' }],
      },
      retainOnDelete: true,
    });
    expect(recording.ofType('azure-native:containerregistry:Registry')).toEqual([]);
    expect(recording.one('kubelet-pulls-images').inputs).toMatchObject({ scope: '/registries/theirs' });
    expect(recording.calls).toContainEqual({
      token: 'azure-native:containerregistry:getRegistry',
      inputs: { resourceGroupName: 'registries', registryName: 'theirs' },
    });
  });

  it('go to a registry of somebody else with the login of Docker, and nothing is granted', async () => {
    const { recording } = await made({ registry: 'ghcr.io/team' });
    const { inputs } = recording.one('images/adapter');
    expect(inputs['tags']).toEqual(['ghcr.io/team/plimsoll/adapter:0.1.0']);
    expect(inputs['registries']).toBeUndefined();
    expect(recording.registrations.filter(({ name }) => name.startsWith('kubelet-pulls'))).toEqual([]);
    expect(recording.calls.map(({ token }) => token)).not.toContain('command:local:run');
  });

  it('are for the processors of the nodes, or those that are named', async () => {
    const arm = await made({ settings: { vmSize: 'Standard_D2pds_v6' } });
    expect(arm.recording.one('images/adapter').inputs['platforms']).toEqual(['linux/arm64']);
    const named = await made({ settings: { imagePlatform: 'linux/arm64' } });
    expect(named.recording.one('images/adapter').inputs['platforms']).toEqual(['linux/arm64']);
  });

  it('get the role that counts in a registry with permissions by repository', async () => {
    const { recording } = await made({
      registry: 'theirs.azurecr.io',
      settings: { registryResourceGroup: 'registries', registryAbac: true },
    });
    expect(recording.one('kubelet-pulls-images').inputs['roleDefinitionId']).toMatch(
      /b93aa761-3e63-49ed-ac28-beffa264f7ac$/,
    );
  });
});

describe('images for AKS that Azure builds', () => {
  const settings = { imageBuilds: 'acr-tasks' };
  const AZ = `case "$*" in
    "account show"*) exit "\${LOGGED_OUT:-0}" ;;
    "acr build"*) echo 'Run complete'; exit "\${BUILD_STATUS:-0}" ;;
    "acr repository show"*) echo "$SHOWN" ;;
    "acr login"*) echo secret-token ;;
  esac`;

  async function build(given: Parameters<typeof made>[0] = {}) {
    const { recording, delivered } = await made({
      ...given,
      image,
      settings: { ...settings, ...given.settings },
    });
    return { command: recording.one('images/adapter', COMMAND), recording, delivered };
  }

  it('are referred to by the digest that the registry has', async () => {
    const { recording, delivered } = await build();
    expect(recording.ofType('docker-build:index:Image')).toEqual([]);
    expect(recording.calls.map(({ token }) => token)).not.toContain('command:local:run');
    expect(await readOutput(delivered.reference)).toMatchObject({
      value: `hpawalkthroughabcd1234.azurecr.io/plimsoll/adapter@${DIGEST}`,
    });
  });

  it('are built from the context with its build arguments, and nothing but the digest is printed', async () => {
    const { command } = await build({ settings: { subscriptionId: SUBSCRIPTION } });
    const bench = new ScriptBench({ az: AZ });
    const run = bench.run(command, 'create', { SHOWN: DIGEST });
    expect(run).toMatchObject({ status: 0, stdout: DIGEST, stderr: 'Run complete\n' });
    expect(run.calls).toEqual([
      'az account show --output none',
      `az acr build --registry hpawalkthroughabcd1234 --subscription ${SUBSCRIPTION} --image plimsoll/adapter:0.1.0 --file apps/adapter/Dockerfile --platform linux/amd64 --build-arg BASE=node@sha256:1 --output none .`,
      `az acr repository show --name hpawalkthroughabcd1234 --subscription ${SUBSCRIPTION} --image plimsoll/adapter:0.1.0 --query digest --output tsv`,
    ]);
    bench.destroy();
  });

  it('are built below a path of a registry, with the rights of the caller where repositories have their own', async () => {
    const { command, delivered } = await build({
      registry: 'theirs.azurecr.io/team',
      settings: { registryAbac: true, registryResourceGroup: 'registries' },
    });
    const bench = new ScriptBench({ az: AZ });
    const { calls } = bench.run(command, 'update', { SHOWN: DIGEST });
    expect(calls[1]).toContain('--registry theirs --image team/plimsoll/adapter:0.1.0');
    expect(calls[1]).toContain('--source-acr-auth-id [caller]');
    expect(await readOutput(delivered.reference)).toMatchObject({
      value: `theirs.azurecr.io/team/plimsoll/adapter@${DIGEST}`,
    });
    bench.destroy();
  });

  it('say what to do where az is missing, or nobody is logged in to it', async () => {
    const { command } = await build();
    const without = new ScriptBench({});
    const missing = without.run(command, 'create');
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toContain('az is not installed, or not in PATH: https://');
    without.destroy();
    const bench = new ScriptBench({ az: AZ });
    const loggedOut = bench.run(command, 'create', { LOGGED_OUT: '1' });
    expect(loggedOut).toMatchObject({ status: 1, stdout: '', calls: ['az account show --output none'] });
    expect(loggedOut.stderr).toContain('run "az login"');
    bench.destroy();
  });

  it('fail where the build does, and where the registry has no digest afterwards', async () => {
    const { command } = await build();
    const bench = new ScriptBench({ az: AZ });
    const failed = bench.run(command, 'create', { BUILD_STATUS: '3' });
    expect(failed.status).toBe(3);
    expect(failed.calls).toHaveLength(2);
    const lost = bench.run(command, 'create', { SHOWN: '' });
    expect(lost).toMatchObject({ status: 1, stdout: '' });
    expect(lost.stderr).toContain('has no digest of plimsoll/adapter:0.1.0');
    bench.destroy();
  });

  it('are built again when a file of the context changes, and not when an ignored one does', async () => {
    write('.dockerignore', '**\n!src\n**/Dockerfile\n');
    write('src/main.ts', 'one');
    const before = (await build()).command.inputs['triggers'];
    write('notes.txt', 'ignored');
    expect((await build()).command.inputs['triggers']).toEqual(before);
    write('src/main.ts', 'two');
    const after = (await build()).command.inputs['triggers'];
    expect(after).not.toEqual(before);
    write('apps/adapter/Dockerfile', 'FROM scratch\nCOPY . .\n');
    expect((await build()).command.inputs['triggers']).not.toEqual(after);
  });

  it('are tokens instead where Docker builds, and nothing else is printed', () => {
    const bench = new ScriptBench({ az: AZ });
    const run = bench.run(
      { inputs: { create: TOKEN_SCRIPT, environment: { REGISTRY: 'one', SUBSCRIPTION: '' } } },
      'create',
    );
    expect(run).toMatchObject({ status: 0, stdout: 'secret-token\n', stderr: '' });
    expect(run.calls[1]).toBe('az acr login --name one --expose-token --query accessToken --output tsv');
    bench.destroy();
  });
});

describe('a digest of a build context', () => {
  it('changes with content, names and permissions', () => {
    write('.dockerignore', '');
    const digests = new Set<string>();
    const note = () => digests.add(contextDigest(folder, 'apps/adapter/Dockerfile'));
    note();
    write('run.sh', 'one');
    note();
    write('run2.sh', '');
    note();
    rmSync(join(folder, 'run2.sh'));
    rmSync(join(folder, 'run.sh'));
    write('run.sh', 'one', 0o755);
    note();
    expect(digests.size).toBe(4);
  });

  it.each([
    ['node_modules', 'node_modules/a.js', true],
    ['node_modules', 'apps/node_modules/a.js', false],
    ['**/node_modules', 'apps/node_modules/a.js', true],
    ['**/node_modules', 'node_modules/a.js', true],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['**/*.md', 'docs/a/README.md', true],
    ['docs/**', 'docs/a/b', true],
    ['docs/?.md', 'docs/a.md', true],
    ['docs/?.md', 'docs/ab.md', false],
    ['/dist/', 'dist/a', true],
    ['a.b', 'axb', false],
    ['# dist', 'dist', false],
    ['**\n!core', 'core/a', false],
    ['**\n!core', 'corex', true],
    ['**\n!core\n**/tmp', 'core/tmp/a', true],
    ['*.md\n!README.md', 'README.md', false],
  ])('with %j leaves out %s: %s', (text, path, out) => {
    expect(dockerIgnore(text).matches(path)).toBe(out);
  });

  it.each([
    ['**\n!core', 'core', true],
    ['**\n!core', 'docs', false],
    ['**\n!apps/adapter', 'apps', true],
    ['**\n!apps\n**/node_modules', 'apps/node_modules', false],
    ['**\n!**/*.ts', 'docs', true],
    ['**\n!apps/*/main.ts', 'apps/adapter', true],
    ['**\n!apps/*/main.ts', 'docs', false],
    ['dist', 'src', true],
  ])('with %j looks into %s: %s', (text, path, looks) => {
    expect(dockerIgnore(text).mayHold(path)).toBe(looks);
  });
});
