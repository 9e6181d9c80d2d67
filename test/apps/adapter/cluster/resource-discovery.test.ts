import { ResourceDiscovery } from '../../../../apps/adapter/cluster';
import { ApiClient, PATIENCE, proxiedAccess } from '../../../../apps/kube-api';
import { FakeApiServer, reply } from '../../kube-api/fake-api-server';
import { ManualTimers } from '../manual-timers';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const VERBS = ['get', 'list', 'watch'];

let server: FakeApiServer;
let client: ApiClient;
let timers: ManualTimers;
let discovery: ResourceDiscovery;
let said: string[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = new ApiClient(proxiedAccess(server.url));
  timers = new ManualTimers();
  said = [];
  discovery = discoveryOf();
});
afterEach(async () => {
  await discovery.close();
  client.close();
  await server.stop();
});

function discoveryOf(): ResourceDiscovery {
  const say = (message: string) => void said.push(message);
  return new ResourceDiscovery({
    client,
    patience: { ...PATIENCE, retryMs: { first: 1, most: 4 } },
    intervalMs: 600_000,
    ownGroups: ['custom.metrics.k8s.io'],
    logger: { debug: () => undefined, info: say, warn: say, error: say },
    timers,
    random: () => 0.5,
  });
}

function resource(name: string, kind: string, scope = 'Namespaced') {
  return {
    resource: name,
    responseKind: { group: '', version: '', kind },
    scope,
    singularResource: '',
    verbs: VERBS,
  };
}
function group(name: string, ...versions: readonly object[]) {
  return { metadata: name === '' ? {} : { name }, versions };
}
function serve(etag: string, ...groups: readonly object[]) {
  const core = { version: 'v1', resources: [resource('pods', 'Pod'), resource('nodes', 'Node', 'Cluster')] };
  server.document('/api', { type: AGGREGATED, etag: 'core', body: { items: [group('', core)] } });
  server.document('/apis', { type: AGGREGATED, etag, body: { items: groups } });
}
const APPS = group('apps', { version: 'v1', resources: [resource('deployments', 'Deployment')] });
const WIDGETS = group('x.test', { version: 'v2', resources: [resource('widgets', 'Widget', 'Cluster')] });
const served = () =>
  discovery.resources.map(({ plural, group: name, version }) => `${plural}.${name}/${version}`);
const reads = () => server.seen.filter(({ path }) => path === '/apis').length;

describe('the resources of a cluster', () => {
  it('come from two documents, groups in their order, each resource once', async () => {
    serve(
      '1',
      APPS,
      group(
        'x.test',
        { version: 'v2', resources: [resource('widgets', 'Widget', 'Cluster')] },
        { version: 'v1', resources: [resource('widgets', 'Widget'), resource('gadgets', 'Gadget')] },
      ),
      group('custom.metrics.k8s.io', { version: 'v1beta1', resources: [resource('pods', 'X')] }),
    );
    await discovery.refresh();
    expect(served()).toEqual([
      ...['pods./v1', 'nodes./v1', 'deployments.apps/v1', 'widgets.x.test/v2', 'gadgets.x.test/v1'],
    ]);
    expect(discovery.resources[3]).toEqual({
      ...{ group: 'x.test', version: 'v2', kind: 'Widget', plural: 'widgets', singular: 'widget' },
      ...{ namespaced: false, verbs: VERBS },
    });
    const [pods] = discovery.resources;
    expect(pods && [discovery.supports(pods, 'watch'), discovery.supports(pods, 'fly')]).toEqual([
      true,
      false,
    ]);
  });

  it('are not sent again while they are the same', async () => {
    serve('1', APPS);
    let changes = 0;
    discovery.onChange(() => (changes += 1));
    await discovery.refresh();
    await discovery.refresh();
    expect([changes, server.seen.map(({ etag }) => etag).sort()]).toEqual([
      1,
      ['1', 'core', undefined, undefined],
    ]);
    serve('2', APPS, WIDGETS);
    await discovery.refresh();
    expect([changes, served().at(-1)]).toEqual([2, 'widgets.x.test/v2']);
  });

  it('of a group whose server does not answer stay as they were', async () => {
    serve('1', APPS, WIDGETS);
    await discovery.refresh();
    serve('2', APPS, group('x.test', { version: 'v2', freshness: 'Stale' }));
    await discovery.refresh();
    expect(served().at(-1)).toBe('widgets.x.test/v2');
    expect(said).toEqual(['resources of x.test/v2 cannot be read: its server does not answer']);
    serve('3', APPS);
    await discovery.refresh();
    expect(served().at(-1)).toBe('deployments.apps/v1');
  });

  it('come from an older server version by version', async () => {
    const type = 'application/json';
    server.document('/api', { type, body: { versions: ['v1'] } });
    server.document('/apis', {
      type,
      body: {
        groups: [
          {
            name: 'apps',
            versions: [{ version: 'v1beta1' }, { version: 'v1' }],
            preferredVersion: { version: 'v1' },
          },
          { name: 'down.test', versions: [{ version: 'v1' }] },
        ],
      },
    });
    const list = (name: string, kind: string, singularName = '') => ({
      resources: [
        { name, singularName, namespaced: true, kind, verbs: VERBS },
        { name: `${name}/status`, singularName: '', namespaced: true, kind, verbs: ['get'] },
      ],
    });
    server.document('/api/v1', { type, body: list('pods', 'Pod', 'pod') });
    server.document('/apis/apps/v1', { type, body: list('deployments', 'Deployment') });
    server.document('/apis/apps/v1beta1', { type, body: list('deployments', 'Deployment') });
    server.misbehave(
      ({ path }, response) => path === '/apis/down.test/v1' && reply(response, 503, { message: 'down' }),
    );
    await discovery.refresh();
    expect(served()).toEqual(['pods./v1', 'deployments.apps/v1']);
    expect(discovery.resources[1]?.singular).toBe('deployment');
    expect(said).toEqual(['resources of down.test/v1 cannot be read: down']);
  });
});

describe('discovery', () => {
  it('is tried again ever more slowly while the server does not answer', async () => {
    for (let i = 0; i < 4; i++)
      server.misbehave((_, response) => reply(response, 503, { message: 'starting' }));
    serve('1', APPS);
    await discovery.refresh();
    expect([discovery.ready, timers.pending]).toEqual([false, [375]]);
    await discovery.refresh();
    expect(timers.pending).toEqual([750]);
    await discovery.refresh();
    expect([discovery.ready, timers.pending]).toEqual([true, [600_000]]);
    expect(said).toEqual([
      'the API server does not say what it serves: starting',
      'all groups of the cluster can be read again',
    ]);
  });

  it('follows new definitions within a moment, however many come', async () => {
    serve('1', APPS);
    discovery.start();
    await server.until(() => server.watching(CRDS) === 1);
    await timers.until(() => timers.pending.length === 1);
    const before = reads();
    server.put(CRDS, { metadata: { name: 'widgets.x.test' } });
    await timers.until(() => timers.pending.length === 4);
    timers.advance(400);
    server.put(CRDS, { metadata: { name: 'gadgets.x.test' } });
    await timers.until(() => timers.pending.includes(3000));
    expect(timers.pending.slice(0, 3)).toEqual([100, 3000, 15_000]);
    serve('2', APPS, WIDGETS);
    const changed = new Promise<void>((resolve) => discovery.onChange(resolve));
    timers.advance(100);
    await changed;
    expect([reads(), served().at(-1)]).toEqual([before + 1, 'widgets.x.test/v2']);
  });

  it('reads again after a reading that began before a definition came', async () => {
    serve('1', APPS);
    discovery.start();
    await server.until(() => server.watching(CRDS) === 1);
    await timers.until(() => discovery.ready);
    let answer = (): void => undefined;
    server.misbehave(({ path }, response) => {
      if (path !== '/apis') return false;
      answer = () => void response.writeHead(304).end();
      return true;
    });
    const before = reads();
    timers.advance(600_000);
    await server.until(() => reads() > before);
    server.put(CRDS, { metadata: { name: 'widgets.x.test' } });
    await timers.until(() => timers.pending.length === 3);
    timers.advance(15_000);
    serve('2', APPS, WIDGETS);
    const changed = new Promise<void>((resolve) => discovery.onChange(resolve));
    answer();
    await changed;
    expect([reads(), served().at(-1)]).toEqual([before + 2, 'widgets.x.test/v2']);
  });

  it('reads again if a definition is there that was not, and not otherwise', async () => {
    serve('1', APPS, WIDGETS);
    const listed = { metadata: { resourceVersion: '1' }, items: [{ metadata: { name: 'widgets.x.test' } }] };
    let list: (() => void) | undefined;
    server.misbehave(({ path }, response) => {
      if (path !== CRDS) return false;
      list = () => reply(response, 200, listed);
      return true;
    });
    discovery.start();
    await timers.until(() => timers.pending.length === 1);
    await server.until(() => list !== undefined);
    list?.();
    await server.until(() => server.watching(CRDS) === 1);
    expect(timers.pending).toEqual([600_000]);
    await discovery.close();
    discovery = discoveryOf();
    server.putSilently(CRDS, { metadata: { name: 'gadgets.x.test' } });
    discovery.start();
    await timers.until(() => timers.pending.length === 4);
    expect(timers.pending.slice(0, 3)).toEqual([500, 3000, 15_000]);
  });

  it('goes on without the right to watch definitions', async () => {
    server.misbehave(({ path }, response) => path === CRDS && reply(response, 403, { message: 'forbidden' }));
    serve('1', APPS);
    discovery.start();
    await timers.until(() => timers.pending.length === 1);
    serve('2', APPS, WIDGETS);
    const changed = new Promise<void>((resolve) => discovery.onChange(resolve));
    timers.advance(600_000);
    await changed;
    expect([served().at(-1), said]).toEqual(['widgets.x.test/v2', []]);
  });
});
