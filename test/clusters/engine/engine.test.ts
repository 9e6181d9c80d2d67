import {
  Engine,
  graphText,
  programFolder,
  type ProgramFolder,
  type Provider,
  type Resource,
  type Run,
  Secret,
  secretPaths,
  shortUrn,
  textOf,
  unknownPaths,
  type World,
} from '.';

const SOURCE = `
import * as command from '@pulumi/command';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';

class Group extends pulumi.ComponentResource {
  constructor(name: string, provider: k8s.Provider) {
    super('test:index:Group', name, {}, { providers: [provider] });
    new k8s.core.v1.ConfigMap('config', { metadata: { name: 'config', namespace: 'web' }, data: { a: 'b' } }, { parent: this });
    this.registerOutputs({ done: true });
  }
}

class Remote extends pulumi.ComponentResource {
  readonly address!: pulumi.Output<string>;
  constructor(name: string) {
    super('test:index:Remote', name, { size: 3, address: undefined }, {}, true);
  }
}

async function program() {
  const config = new pulumi.Config();
  if (config.get('wrong') !== undefined) {
    const failure = new pulumi.RunError('plimsoll:wrong is wrong');
    failure.stack = failure.message;
    throw failure;
  }
  const cluster = new command.local.Command('cluster', { create: 'make', triggers: [config.get('version') ?? '1'] },
    { additionalSecretOutputs: ['stdout'], customTimeouts: { create: '15m' } });
  const provider = new k8s.Provider('provider', { kubeconfig: cluster.stdout, enableConfigMapMutable: config.get('mutable') === 'true' });
  const options = { provider, deletedWith: cluster };
  const namespace = new k8s.core.v1.Namespace('web', { metadata: { name: 'web' } }, { ...options, dependsOn: cluster, protect: config.getBoolean('protect') });
  new k8s.core.v1.Secret('login', { metadata: { name: 'login', namespace: namespace.metadata.name }, stringData: { password: config.getSecret('password') ?? '' } }, options);
  const app = new k8s.apps.v1.Deployment('app', { metadata: { name: 'app' }, spec: { replicas: Number(config.get('replicas') ?? 1), selector: {}, template: {} } },
    { ...options, ignoreChanges: config.get('ignore') === undefined ? [] : ['spec.replicas'], dependsOn: namespace, retainOnDelete: config.get('retain') === 'true' });
  if (config.get('group') !== 'false') new Group('group', provider);
  const remote = new Remote('remote');
  if (config.get('ask') !== undefined) await pulumi.runtime.invoke('test:index:ask', {});
  return { address: remote.address, password: config.getSecret('password'), app: app.id };
}
export = program;
`;

const clusters: Provider = {
  owns: (type) => type === 'command:local:Command',
  create: (_goal, inputs) => ({
    id: 'c1',
    outputs: { stdout: `kubeconfig of ${JSON.stringify(inputs['triggers'])}` },
  }),
};
const WORLD: World = {
  providers: [clusters],
  components: {
    'test:index:Remote': async (goal, register) => {
      const child = await register({
        type: 'test:index:Child',
        name: `${goal.name}-child`,
        inputs: goal.inputs,
      });
      return { address: `address of ${child.name}` };
    },
  },
};

let program: ProgramFolder;
beforeAll(() => {
  program = programFolder(SOURCE);
});
afterAll(() => program.remove());

function engine(world: World = WORLD): Engine {
  return new Engine({ stack: { project: 'plimsoll', stack: 'test' }, folder: program.folder, world });
}

function config(values: Readonly<Record<string, string>> = {}) {
  const entries = Object.entries(values).map(([key, value]) => [`plimsoll:${key}`, value] as const);
  return {
    values: { 'plimsoll:password': 'hunter2', ...Object.fromEntries(entries) },
    secretKeys: ['plimsoll:password'],
  };
}

function find(run: { readonly resources: readonly Resource[] }, name: string): Resource {
  const found = run.resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

/** Names of what is not as it was, by what happens. */
function operations(run: Run): Record<string, string> {
  const changes = run.steps.filter((step) => step.operation !== 'same');
  return Object.fromEntries(changes.map((step) => [shortUrn(step.urn).split(' ')[1] ?? '', step.operation]));
}

describe('an engine that runs a program once', () => {
  let preview: Run;
  let up: Run;
  let used: Engine;
  beforeAll(async () => {
    used = engine();
    preview = await used.preview(config());
    up = await used.up(config());
  }, 60_000);

  it('ends without errors, with every resource created', () => {
    expect({ errors: up.errors, exitCode: up.exitCode, stderr: up.stderr }).toEqual({
      errors: [],
      exitCode: 0,
      stderr: '',
    });
    expect(new Set(up.steps.map(({ operation }) => operation))).toEqual(new Set(['create']));
  });

  it('gives resources the URNs that the real engine gives them', () => {
    expect(find(up, 'config').urn).toBe(
      'urn:pulumi:test::plimsoll::test:index:Group$kubernetes:core/v1:ConfigMap::config',
    );
    expect(find(up, 'web').urn).toBe('urn:pulumi:test::plimsoll::kubernetes:core/v1:Namespace::web');
  });

  it('sees dependsOn, and what properties come from', () => {
    const provider = find(up, 'provider');
    expect(provider.propertyDependencies).toEqual({ kubeconfig: [find(up, 'cluster').urn] });
    expect(find(up, 'login').dependencies).toEqual([find(up, 'web').urn]);
    expect(find(up, 'app').dependencies).toEqual([find(up, 'web').urn]);
    expect(find(up, 'app').propertyDependencies).toEqual({});
    expect(find(up, 'web').provider).toBe(`${provider.urn}::provider`);
  });

  it('keeps parents, of components in the program and in a provider', () => {
    expect(find(up, 'config').parent).toBe(find(up, 'group').urn);
    expect(find(up, 'group').outputs).toEqual({ done: true });
    expect(find(up, 'remote-child').parent).toBe(find(up, 'remote').urn);
    expect(up.outputs['address']).toBe('address of remote-child');
  });

  it('keeps what is secret marked, from the configuration and from the options of a resource', () => {
    expect(secretPaths(find(up, 'login').inputs)).toEqual(['stringData']);
    expect(find(up, 'cluster').outputs['stdout']).toEqual(new Secret('kubeconfig of ["1"]'));
    expect(secretPaths(find(up, 'provider').inputs)).toEqual(['kubeconfig']);
    expect(up.outputs['password']).toEqual(new Secret('hunter2'));
    expect(textOf(up.outputs['password'], 'password')).toBe('hunter2');
  });

  it('leaves in a preview unknown what only a provider can tell', () => {
    expect(preview.errors).toEqual([]);
    expect(unknownPaths(find(preview, 'provider').inputs)).toEqual(['kubeconfig']);
    expect(unknownPaths(find(preview, 'web').inputs)).toEqual([]);
    expect(unknownPaths(preview.outputs)).toEqual(['app']);
    expect(preview.steps.length).toBe(up.steps.length);
  });

  it('prints the graph', () => {
    expect(graphText(up)).toMatchSnapshot();
  });

  it('changes nothing with the same configuration', async () => {
    const again = await used.up(config());
    expect({ errors: again.errors, changes: operations(again), deletions: again.deletions }).toEqual({
      errors: [],
      changes: {},
      deletions: [],
    });
  }, 120_000);
});

describe('an engine with a stack that is there', () => {
  let used: Engine;
  beforeAll(async () => {
    used = engine();
    await used.up(config());
  }, 120_000);

  it('updates what can be changed in place, and replaces what cannot', async () => {
    expect(operations(await used.preview(config({ replicas: '2', password: 'other' })))).toEqual({
      app: 'update',
      login: 'replace',
    });
  }, 120_000);

  it('leaves alone what the program ignores changes of', async () => {
    expect(operations(await used.preview(config({ replicas: '2', ignore: 'true' })))).toEqual({});
  }, 120_000);

  it('replaces what is in a cluster with the cluster, and says why', async () => {
    const run = await used.preview(config({ version: '2' }));
    expect(operations(run)).toEqual(
      Object.fromEntries(
        ['cluster', 'provider', 'web', 'login', 'app', 'config'].map((name) => [name, 'replace']),
      ),
    );
    const reasons = run.steps
      .filter(({ operation }) => operation === 'replace')
      .map(({ replacedFor }) => replacedFor.join());
    expect(new Set(reasons)).toEqual(new Set(['triggers[0]', 'kubeconfig', 'provider']));
  }, 120_000);

  it('deletes what the program does not register any more', async () => {
    const run = await used.preview(config({ group: 'false' }));
    expect(operations(run)).toEqual({ group: 'delete', config: 'delete' });
    expect(run.deletions.map(({ resource, how }) => `${resource.name} ${how}`)).toEqual([
      'config deleted',
      'group forgotten',
    ]);
  }, 120_000);

  it('returns the message of a program that fails, its exit code, and keeps the state', async () => {
    const run = await used.up(config({ wrong: 'yes' }));
    expect({ exitCode: run.exitCode, errors: run.errors }).toEqual({
      exitCode: 32,
      errors: ['plimsoll:wrong is wrong'],
    });
    expect(used.resources.length).toBeGreaterThan(5);
  }, 120_000);

  it('names a function that nothing answers', async () => {
    const run = await used.preview(config({ ask: 'yes' }));
    expect(run.errors).toContain('nothing answers the function test:index:ask');
    expect(run.exitCode).not.toBe(0);
  }, 120_000);
});

describe('the deletion of a stack', () => {
  it('deletes each resource before what it needs, and what goes with another not at all', async () => {
    const used = engine();
    await used.up(config({ retain: 'true' }));
    const deleted = await used.destroy();
    const order = deleted.map(({ resource, how }) => `${resource.name} ${how}`);
    expect(order.indexOf('config deleted')).toBeLessThan(order.indexOf('provider deleted'));
    expect(order.indexOf('provider deleted')).toBeLessThan(order.indexOf('cluster deleted'));
    expect(order).toEqual(expect.arrayContaining(['app retained', 'login gone-with', 'web gone-with']));
    expect(used.resources).toEqual([]);
  }, 120_000);

  it('refuses where something is protected, before anything is deleted', async () => {
    const used = engine();
    await used.up(config({ protect: 'true' }));
    await expect(used.destroy()).rejects.toThrow(
      'protected, cannot be deleted: kubernetes:core/v1:Namespace web',
    );
    expect(used.resources.length).toBeGreaterThan(5);
  }, 120_000);
});

describe('a provider that fails', () => {
  it('stops the run, which keeps what was made before', async () => {
    const broken: Provider = {
      owns: (type) => type === 'kubernetes:core/v1:Namespace',
      create: () => Promise.reject(new Error('namespace web: forbidden')),
    };
    const used = engine({ ...WORLD, providers: [clusters, broken] });
    const run = await used.up(config());
    expect(run.errors).toContain('namespace web: forbidden');
    expect(run.exitCode).not.toBe(0);
    expect(used.resources.map(({ name }) => name)).toEqual(expect.arrayContaining(['cluster', 'provider']));
    expect(used.resources.map(({ name }) => name)).not.toContain('web');
  }, 120_000);
});
