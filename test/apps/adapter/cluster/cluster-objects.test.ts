import { ClusterObjects } from '../../../../apps/adapter/cluster';
import { ApiClient, PATIENCE, proxiedAccess } from '../../../../apps/kube-api';
import type { ApiResource } from '../../../../core/kube/api-resources';
import { Selector } from '../../../../core/kube/selector';
import { FakeApiServer, reply } from '../../kube-api/fake-api-server';

const PODS: ApiResource = {
  ...{ group: '', version: 'v1', kind: 'Pod', plural: 'pods', singular: 'pod', namespaced: true },
};
const WIDGETS: ApiResource = {
  ...{
    group: 'x.test',
    version: 'v2',
    kind: 'Widget',
    plural: 'widgets',
    singular: 'widget',
    namespaced: false,
  },
};
const POD_PATH = '/api/v1/pods';
const WIDGET_PATH = '/apis/x.test/v2/widgets';
const NODE_PATH = '/api/v1/nodes';
const EVERY = Selector.everything;
const NEVER = new AbortController().signal;

let server: FakeApiServer;
let client: ApiClient;
let objects: ClusterObjects;
const warnings: string[] = [];
let verbs: readonly string[];
let nowMs: number;

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = new ApiClient(proxiedAccess(server.url));
  warnings.length = 0;
  nowMs = 7;
  verbs = ['list', 'watch'];
  const say = (message: string) => {
    warnings.push(message);
    server.poke();
  };
  objects = new ClusterObjects({
    client,
    patience: { ...PATIENCE, retryMs: { first: 1, most: 4 } },
    logger: {
      ...{ info: say, error: say, warn: say },
      debug: (message) => say(`again: ${message}`),
    },
    now: () => nowMs,
    random: () => 0.5,
    supports: (_, verb) => verbs.includes(verb),
  });
});
afterEach(async () => {
  await objects.close();
  client.close();
  await server.stop();
});

function pod(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
  phase = 'Running',
) {
  return {
    metadata: { namespace, name, labels, creationTimestamp: '2030-01-01T00:00:00Z' },
    status: { phase },
  };
}
const names = (namespace: string, selector = '') =>
  objects.names(PODS, namespace, Selector.parse(selector), NEVER);
/** Asks until the answer is this; the watch is a moment behind. */
async function becomes(expected: readonly string[]): Promise<void> {
  for (;;) {
    if ((await names('shop')).join() === expected.join()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('names of objects', () => {
  it('come from one watch of the metadata, from the first request on', async () => {
    server.put(POD_PATH, pod('shop', 'b', { app: 'x' }));
    server.put(POD_PATH, pod('shop', 'a', { app: 'x' }, 'Failed'));
    server.put(POD_PATH, pod('shop', 'c'));
    server.put(POD_PATH, pod('other', 'd', { app: 'x' }));
    expect(server.seen).toEqual([]);
    expect(await Promise.all([names('shop', 'app=x'), names('shop'), names('none')])).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      [],
    ]);
    await server.until(() => server.watching(POD_PATH) === 1);
    server.put(POD_PATH, pod('shop', 'late'));
    server.remove(POD_PATH, pod('shop', 'a'));
    await becomes(['b', 'c', 'late']);
    expect(server.seen.map(({ accept }) => accept?.split(',')[0])).toEqual([
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    ]);
  });

  it('are those of before while the server is away, and follow when it is back', async () => {
    server.put(POD_PATH, pod('shop', 'a'));
    await names('shop');
    await server.until(() => server.watching(POD_PATH) === 1);
    for (let i = 0; i < 3; i++)
      server.misbehave((_, response) => reply(response, 503, { message: 'starting' }));
    server.putSilently(POD_PATH, pod('shop', 'b'));
    server.compact();
    server.cutWatches(POD_PATH);
    expect(await names('shop')).toEqual(['a']);
    await becomes(['a', 'b']);
    expect(warnings.join('\n')).toMatch(/starting/);
  });

  it('of a kind that may not be read are an error which says what right is missing', async () => {
    const forbid = () =>
      server.misbehave((_, response) => reply(response, 403, { code: 403, message: 'widgets is forbidden' }));
    forbid();
    await expect(objects.names(WIDGETS, undefined, EVERY, NEVER)).rejects.toThrow(
      "widgets.x.test cannot be listed: a ClusterRole of the adapter's service account has to allow the verbs list " +
        'and watch on resources: ["widgets"], apiGroups: ["x.test"]: widgets is forbidden',
    );
    // It is tried again, so that a right which is given later is enough.
    server.put(WIDGET_PATH, { metadata: { name: 'w' } });
    await server.until(() => server.watching(WIDGET_PATH) === 1);
    expect(await objects.names(WIDGETS, undefined, EVERY, NEVER)).toEqual(['w']);
    expect(objects.states).toEqual([
      {
        ...{ resource: 'widgets.x.test', fieldSelector: undefined, synced: true, objects: 1, heardMs: 7 },
        problem: undefined,
      },
    ]);
  });

  it('of a kind that cannot be read are told of once, however often that is tried', async () => {
    for (let i = 0; i < 3; i++)
      server.misbehave((_, response) => reply(response, 403, { code: 403, message: 'widgets is forbidden' }));
    await expect(objects.names(WIDGETS, undefined, EVERY, NEVER)).rejects.toThrow('widgets is forbidden');
    await server.until(() => warnings.length === 3);
    expect(warnings.map((message) => message.startsWith('again: '))).toEqual([false, true, true]);
  });

  it('are waited for as long as the caller wants', async () => {
    server.misbehave(() => true);
    const caller = new AbortController();
    const asked = objects.names(PODS, 'shop', EVERY, caller.signal);
    await server.until(() => server.seen.length === 1);
    caller.abort(new Error('no time left'));
    await expect(asked).rejects.toThrow('pods cannot be listed: no time left');
  });

  it('of a kind without a watch are listed at each request, page by page', async () => {
    verbs = ['list'];
    const path = '/api/v1/namespaces/shop/pods';
    for (let i = 0; i < 501; i++) server.putSilently(path, pod('shop', `p${i}`));
    expect(await names('shop', 'app=x')).toHaveLength(501);
    expect(server.seen.map(({ query }) => [query.get('labelSelector'), query.get('continue')])).toEqual([
      ['app=x', null],
      ['app=x', '500'],
    ]);
    verbs = [];
    await expect(names('shop')).rejects.toThrow('pods cannot be listed: the API server has no list of them');
  });
});

describe('what is followed', () => {
  it('is watched before anybody asks, and no longer than it is wanted', async () => {
    objects.follow({ resources: [PODS, WIDGETS], resourceMetrics: false });
    await server.until(() => server.watching(POD_PATH) === 1 && server.watching(WIDGET_PATH) === 1);
    objects.follow({ resources: [PODS], resourceMetrics: false });
    await server.until(() => server.watching(WIDGET_PATH) === 0);
    expect([server.watching(POD_PATH), objects.states.length]).toEqual([1, 1]);
  });

  it('stays while it is asked for, whatever rules come, and ends some minutes later', async () => {
    expect(objects.known(WIDGETS, undefined, EVERY)).toBeUndefined();
    expect(server.seen).toEqual([]);
    server.put(WIDGET_PATH, { metadata: { name: 'w' } });
    await objects.names(WIDGETS, undefined, EVERY, NEVER);
    await server.until(() => server.watching(WIDGET_PATH) === 1);
    objects.follow({ resources: [PODS], resourceMetrics: false });
    nowMs += 599_000;
    expect(objects.known(WIDGETS, undefined, EVERY)).toEqual(['w']);
    nowMs += 599_000;
    objects.sweep();
    expect(objects.states).toHaveLength(2);
    nowMs += 1_000;
    objects.sweep();
    await server.until(() => server.watching(WIDGET_PATH) === 0);
    expect(objects.states.map(({ resource }) => resource)).toEqual(['pods']);
    expect(server.seen.filter(({ path, query }) => path === WIDGET_PATH && !query.has('watch'))).toHaveLength(
      1,
    );
  });

  it('ends when the cluster does not serve the kind any more', async () => {
    server.put(WIDGET_PATH, { metadata: { name: 'w' } });
    await objects.names(WIDGETS, undefined, EVERY, NEVER);
    verbs = [];
    objects.follow({ resources: [], resourceMetrics: false });
    expect(objects.states).toEqual([]);
  });

  it('that ends before its first list tells those who wait for that', async () => {
    server.misbehave(() => true);
    const waiting = expect(objects.names(WIDGETS, undefined, EVERY, NEVER)).rejects.toThrow(
      'widgets.x.test cannot be listed: no longer watched',
    );
    verbs = [];
    objects.sweep();
    await waiting;
  });

  it('for metrics.k8s.io is the nodes and the running pods', async () => {
    server.put(POD_PATH, pod('shop', 'b', { app: 'x' }));
    server.put(POD_PATH, pod('shop', 'over', { app: 'x' }, 'Succeeded'));
    server.put(POD_PATH, pod('back', 'a'));
    server.put(NODE_PATH, { metadata: { name: 'n1' } });
    objects.follow({ resources: [], resourceMetrics: true });
    const pods = await objects.runningPods(undefined, EVERY, NEVER);
    const b = { namespace: 'shop', name: 'b', labels: { app: 'x' }, createdMs: Date.UTC(2030, 0, 1) };
    expect(pods.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['back/a', 'shop/b']);
    expect(await objects.runningPods('shop', Selector.parse('app'), NEVER)).toEqual([b]);
    expect(await objects.runningPod('shop', 'b', NEVER)).toEqual(b);
    expect(await objects.runningPod('shop', 'over', NEVER)).toBeUndefined();
    expect((await objects.nodes(EVERY, NEVER)).map(({ name }) => name)).toEqual(['n1']);
    expect([await objects.node('n1', NEVER), await objects.node('n2', NEVER)]).toEqual([
      expect.objectContaining({ name: 'n1', namespace: '' }),
      undefined,
    ]);
  });
});
