import { until } from './aggregation';
import { ALL_REQUESTS, FaultScene, NEVER, values } from './fault-scene';
import { Relay } from './relay';

const SERVICES = '/api/v1/namespaces/default/services';
/** Values of Services by their names; the scene has the first. */
const VALUES = { web: 25, late: 3, later: 4 } as const;

/** How versions of objects are forgotten that the adapter's watch was to go on from. */
interface Forgetting {
  readonly apiServer: Readonly<Record<string, string>>;
  /** What happens besides the compaction of etcd, which the adapter does not see. */
  readonly meanwhile: (scene: FaultScene) => Promise<void>;
}

const CASES: Readonly<Record<string, Forgetting>> = {
  'etcd has compacted them': {
    // Else kube-apiserver tells from its own memory what etcd does not know any more.
    apiServer: { 'watch-cache': 'false' },
    meanwhile: () => Promise.resolve(),
  },
  'kube-apiserver, started again, has never known them': {
    apiServer: {},
    meanwhile: ({ plane }) => plane.apiServer.restart(),
  },
};

describe.each(Object.entries(CASES))(
  'a watch that is to go on from versions that are gone: %s',
  (_, { apiServer, meanwhile }) => {
    let scene: FaultScene;
    let relay: Relay;

    beforeAll(async () => {
      scene = await FaultScene.start({ apiServer });
      relay = await Relay.start();
    });

    afterAll(async () => {
      await scene?.stop();
      await relay?.stop();
    });

    test('all is listed again: what came and what went meanwhile is seen, and the next change too', async () => {
      const { plane, prometheus } = scene;
      relay.targets = [plane.apiServer.port];
      const adapter = await scene.adapter(prometheus, { flags: [NEVER], apiServerPort: relay.port });
      await create(scene, 'later');
      await scraped(scene, 'later');
      await until('the watch works', async () => (await values(adapter, ALL_REQUESTS)).length === 2);
      const seen = await version(scene);

      relay.cut();
      await create(scene, 'late');
      await remove(scene, 'web');
      await remove(scene, 'later');
      await meanwhile(scene);
      await plane.compactEtcd();
      await scraped(scene, 'late');
      expect(await codeOfWatch(scene, seen)).toBe(410);
      expect(await values(adapter, ALL_REQUESTS)).toEqual(shown('later', 'web'));

      const saidBefore = adapter.log().length;
      relay.targets = [plane.apiServer.port];
      await until('the objects are those of now', async () => {
        return (await values(adapter, ALL_REQUESTS)).join() === shown('late').join();
      });
      // The watch was refused; it was not begun anew for another reason.
      expect(adapter.log().slice(saidBefore)).toMatch(/"services cannot be listed: .*too old/);
      await create(scene, 'later');
      await until('the watch works again', async () => {
        return (await values(adapter, ALL_REQUESTS)).join() === shown('late', 'later').join();
      });
    });
  },
);

type Name = keyof typeof VALUES;

/** In the order of their names. */
function shown(...names: readonly Name[]): readonly string[] {
  return names.map((name) => String(VALUES[name]));
}

async function create({ plane, exporter }: FaultScene, name: Name): Promise<void> {
  exporter.set('http_requests_total', { namespace: 'default', service: name }, VALUES[name]);
  await plane.create(SERVICES, { metadata: { name }, spec: { ports: [{ port: 80 }] } });
}

async function remove({ plane }: FaultScene, name: Name): Promise<void> {
  const { status, text } = await plane.request(`${SERVICES}/${name}`, { method: 'DELETE' });
  if (status !== 200) throw new Error(text);
}

async function scraped({ prometheus }: FaultScene, name: Name): Promise<void> {
  const query = `http_requests_total{service="${name}"}`;
  await until(`${name} is scraped`, async () => (await prometheus.query(query)).length > 0);
}

/** Of the Services as they are now. */
async function version({ plane }: FaultScene): Promise<string> {
  const { text } = await plane.request(SERVICES);
  return /"resourceVersion":"(\d+)"/.exec(text)?.[1] ?? '';
}

/** With which code a watch from a version on ends. */
async function codeOfWatch({ plane }: FaultScene, from: string): Promise<number> {
  // One that is refused ends by itself; the limit is for one that is not.
  const query = `watch=true&timeoutSeconds=30&resourceVersion=${from}`;
  const { status, text } = await plane.request(`${SERVICES}?${query}`);
  return Number(/"type":"ERROR".*"code":(\d+)/s.exec(text)?.[1] ?? status);
}
