import { parseOptions, findStack } from '../../../stacks';
import { synthesize } from '../../../synth';
import {
  graphText,
  plainTexts,
  readable,
  secretPaths,
  shortUrn,
  unknownPaths,
  type Engine,
  type Resource,
  type Run,
} from '../engine';
import { configOf, engineOf, STACKS } from './stacks';

const LOCAL = ['kind', 'minikube', 'bare-metal'];
const CLOUD = /@pulumi\/(aws|azure-native|eks)\//;
const RELEASE = 'kubernetes:helm.sh/v3:Release';
/** What the fakes of clouds and tools give out as secrets. */
const SECRETS = ['token-of-the-admin', 'password-of-ecr'];

describe.each(STACKS)('the graph of stack %s', (stack) => {
  let engine: Engine;
  let preview: Run;
  let up: Run;
  let again: Run;

  beforeAll(async () => {
    engine = engineOf(stack);
    preview = await engine.preview(configOf(stack));
    up = await engine.up(configOf(stack));
    again = await engine.up(configOf(stack));
  });

  it('is registered without an error, in a preview and in an update', () => {
    expect([preview.errors, up.errors]).toEqual([[], []]);
    expect([preview.exitCode, up.exitCode]).toEqual([0, 0]);
  });

  it('is the one that was reviewed', () => {
    expect(graphText(preview)).toMatchSnapshot('preview');
    expect(graphText(up)).toMatchSnapshot('update');
  });

  it('has each object of the stack, and each release, as one resource by the name of its construct', () => {
    const definition = findStack(stack);
    const described = definition.define(parseOptions(definition, []));
    const objects = synthesize(described).stages.flatMap(({ objects: found }) =>
      found.map(({ origin }) => origin.constructPath ?? ''),
    );
    const expected = [...objects, ...described.releases.map(({ name }) => `releases/${name}`)];
    expect(names(kubernetes(up)).sort()).toEqual(expected.sort());
    expect(names(preview.resources).sort()).toEqual(names(up.resources).sort());
  });

  it('has no edge between its objects that others imply', () => {
    const reach = reachOf(up);
    for (const resource of kubernetes(up)) {
      const direct = resource.dependencies.filter((urn) => !propertyNeeds(resource).includes(urn));
      const through = new Set(direct.flatMap((urn) => [...(reach.get(urn) ?? [])]));
      expect(direct.filter((urn) => through.has(urn)).map(shortUrn)).toEqual([]);
    }
  });

  it('has namespaces and definitions before what is of them', () => {
    const reach = reachOf(up);
    const namespaces = kubernetes(up).filter(({ type }) => type === 'kubernetes:core/v1:Namespace');
    const releases = kubernetes(up).filter(({ type }) => type === RELEASE);
    for (const resource of kubernetes(up)) {
      const before = reach.get(resource.urn) ?? new Set();
      const own = namespaces.find((it) => nameOf(it) === namespaceOf(resource));
      if (own) expect([resource.name, before.has(own.urn)]).toEqual([resource.name, true]);
      const isOperated = resource.type.startsWith('kubernetes:monitoring.coreos.com/');
      const operator = releases.find(({ name }) => name === 'releases/prometheus-operator-crds');
      if (isOperated) expect([resource.name, before.has(operator?.urn ?? '')]).toEqual([resource.name, true]);
    }
  });

  it('has an adapter before its APIServices, and them before the autoscalers', () => {
    const reach = reachOf(up);
    const services = ofKind(up, 'APIService');
    const autoscalers = [...ofKind(up, 'HorizontalPodAutoscaler'), ...ofKind(up, 'ScaledObject')];
    expect(autoscalers.length).toBeGreaterThan(0);
    for (const service of services) {
      const before = [...(reach.get(service.urn) ?? [])].map(shortUrn);
      expect(before.some((text) => text.startsWith('kubernetes:apps/v1:Deployment '))).toBe(true);
      for (const autoscaler of autoscalers) expect(reach.get(autoscaler.urn)?.has(service.urn)).toBe(true);
    }
    expect(services.length > 0 || stack === 'minikube').toBe(true);
  });

  it('does not change when nothing did', () => {
    expect(again.errors).toEqual([]);
    expect(
      again.steps.filter(({ operation }) => operation !== 'same').map(({ urn }) => shortUrn(urn)),
    ).toEqual([]);
    expect(graphText(again)).toBe(graphText(up));
  });

  it('shows no secret: not in inputs, not in outputs, not in what it says', () => {
    const shown = up.resources.flatMap(({ inputs, outputs }) => [readable(inputs), readable(outputs)]);
    const texts = [JSON.stringify(shown), JSON.stringify(readable(up.outputs)), up.stdout, up.stderr];
    // The SDK's own debugging has everything in it; a real engine shows that with --debug alone, and hides secrets.
    const said = up.log.filter(({ severity }) => severity !== 'debug').map(({ message }) => message);
    for (const secret of SECRETS) expect([...texts, ...said].join('\n')).not.toContain(secret);
    expect(secretPaths(up.outputs)).toContain('kubeconfig');
    expect(plainTexts(up.outputs).length).toBeGreaterThan(0);
  });

  it('knows everything in a preview but what is made: clusters, images and what comes from them', () => {
    const images = new Set(findStackImages(stack));
    for (const resource of kubernetes(preview)) {
      const unknown = unknownPaths(resource.inputs);
      const allowed =
        /^spec(\.jobTemplate\.spec)?\.template\.spec\.(containers|initContainers)\[\d+\]\.image$/;
      expect([resource.name, unknown.filter((path) => !allowed.test(path))]).toEqual([resource.name, []]);
    }
    const withImages = kubernetes(preview).filter(({ inputs }) => unknownPaths(inputs).length > 0);
    expect(withImages.length).toBeGreaterThan(0);
    expect(images.size).toBeGreaterThan(0);
    for (const { inputs } of kubernetes(up)) expect(unknownPaths(inputs)).toEqual([]);
  });

  it('loads the SDK of its own cloud, and no other', () => {
    const clouds = new Set(up.modules.flatMap((path) => CLOUD.exec(path)?.[1] ?? []));
    const own = { aks: ['azure-native'], 'eks-fargate': ['aws', 'eks'] };
    expect([...clouds].sort()).toEqual(LOCAL.includes(stack) ? [] : Reflect.get(own, stack));
    if (!LOCAL.includes(stack)) return;
    expect(up.resources.filter(({ type }) => /^(aws|azure-native|eks):/.test(type))).toEqual([]);
  });

  it('is deleted in the reverse order, down to nothing', async () => {
    const order = new Map((await engine.destroy()).map(({ resource }, index) => [resource.urn, index]));
    expect(order.size).toBe(up.resources.length);
    for (const { urn, dependencies } of up.resources) {
      for (const need of dependencies) expect(order.get(urn) ?? -1).toBeLessThan(order.get(need) ?? -1);
    }
    expect(engine.resources).toEqual([]);
  });
});

describe('changes of a stack', () => {
  it('another Kubernetes version makes a new kind cluster, with everything in it', async () => {
    const engine = engineOf('kind');
    await engine.up(configOf('kind'));
    const { steps, errors } = await engine.preview(configOf('kind', { kubernetes: '1.35.2' }));
    expect(errors).toEqual([]);
    const replaced = steps.filter(({ operation }) => operation === 'replace').map(({ urn }) => shortUrn(urn));
    expect(replaced).toContain('command:local:Command cluster');
    expect(replaced).toContain('kubernetes:apps/v1:Deployment workload/backend-1/Deployment');
  });

  it('another version of AKS is an upgrade in place: nothing in the cluster is replaced', async () => {
    const engine = engineOf('aks');
    await engine.up(configOf('aks'));
    const { steps, errors } = await engine.preview(configOf('aks', { kubernetes: '1.37.1' }));
    expect(errors).toEqual([]);
    const replaced = steps.filter(({ operation }) => operation === 'replace').map(({ urn }) => shortUrn(urn));
    expect(replaced.filter((text) => text.startsWith('kubernetes:'))).toEqual([]);
  });

  it('another target changes the autoscaler that has it, and nothing else', async () => {
    const engine = engineOf('kind');
    await engine.up(configOf('kind'));
    const { steps } = await engine.up(configOf('kind', { target2: '20' }));
    const changed = steps.filter(({ operation }) => operation !== 'same');
    expect(changed.map(({ operation, urn }) => `${operation} ${shortUrn(urn)}`)).toEqual([
      'update kubernetes:core/v1:ConfigMap monitoring/grafana/Dashboards/ConfigMap',
      'update kubernetes:apps/v1:Deployment monitoring/grafana/Deployment/Deployment',
      'update kubernetes:autoscaling/v2:HorizontalPodAutoscaler autoscaling/backend-2/HorizontalPodAutoscaler',
    ]);
  });
});

describe('a wrong configuration', () => {
  it.each([
    ['kind', { kubernets: '1.36.1' }, 'plimsoll:kubernets: stack kind has no such setting'],
    ['kind', { kubernetes: 'latest' }, 'plimsoll:kubernetes: write a full version such as 1.2.3'],
    ['kind', { existingReleases: '["keda"]' }, 'plimsoll:existingReleases: stack kind has no release "keda"'],
    ['eks-fargate', { flux: 'true' }, 'plimsoll:gitUrl: is missing'],
    [
      'kind',
      { flux: 'true', gitUrl: 'ssh://git@github.com/a/b' },
      'plimsoll:flux: images of a kind cluster are loaded',
    ],
    ['bare-metal', { context: '' }, 'plimsoll:context: must not be empty'],
    [
      'eks-fargate',
      { publicAccessCidrs: '["0.0.0.0/0"]' },
      'plimsoll:publicAccessCidrs: opens the API server',
    ],
    ['aks', { authorizedIpRanges: '[]' }, 'plimsoll:authorizedIpRanges'],
  ])(
    'of stack %s, %j, ends the program before anything is made, and names the key',
    async (stack, values, message) => {
      const run = await engineOf(stack).preview(configOf(stack, values));
      expect(run.exitCode).not.toBe(0);
      expect(run.errors.join('\n')).toContain(message);
      expect(kubernetes(run)).toEqual([]);
    },
  );

  it('with a secret in plain text is refused, and the secret is not repeated', async () => {
    const config = configOf('bare-metal');
    const run = await engineOf('bare-metal').preview({ values: config.values, secretKeys: [] });
    expect(run.errors.join('\n')).toContain('plimsoll:kubeconfig must be a secret');
    expect(run.errors.join('\n') + run.stderr + run.stdout).not.toContain('token-of-the-admin');
  });
});

function kubernetes({ resources }: Run): Resource[] {
  return resources.filter(({ type }) => type.startsWith('kubernetes:'));
}

function ofKind(run: Run, kind: string): Resource[] {
  return kubernetes(run).filter(({ type }) => type.endsWith(`:${kind}`));
}

function names(resources: readonly Resource[]): string[] {
  return resources.map(({ name }) => name);
}

function propertyNeeds({ propertyDependencies }: Resource): string[] {
  return Object.values(propertyDependencies).flat();
}

/** By URN, all that has to be there before. */
function reachOf({ resources }: Run): Map<string, Set<string>> {
  const needs = new Map(resources.map(({ urn, dependencies }) => [urn, dependencies]));
  const reach = new Map<string, Set<string>>();
  const visit = (urn: string): Set<string> => {
    const known = reach.get(urn);
    if (known) return known;
    const direct = needs.get(urn) ?? [];
    const all = new Set([...direct, ...direct.flatMap((need) => [...visit(need)])]);
    reach.set(urn, all);
    return all;
  };
  for (const urn of needs.keys()) visit(urn);
  return reach;
}

function metadataOf({ inputs }: Resource): object {
  const { metadata } = inputs;
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

function nameOf(resource: Resource): unknown {
  return Reflect.get(metadataOf(resource), 'name');
}

function namespaceOf(resource: Resource): unknown {
  return Reflect.get(metadataOf(resource), 'namespace');
}

function findStackImages(stack: string): string[] {
  const definition = findStack(stack);
  return definition.define(parseOptions(definition, [])).images.flatMap(({ build }) => build ?? []);
}
