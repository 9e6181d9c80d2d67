import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PATCH } from '../../../apps/kube-api';
import { type Fault, hold, type Watched } from './fault';
import type { Outcome, Scene } from './scene';

const ADAPTER = { namespace: 'custom-metrics', name: 'custom-metrics-apiserver' };
const METRICS =
  '/apis/custom.metrics.k8s.io/v1beta2/namespaces/backend/pods/*/hubble_http_requests_per_second';
const SERVING = `/api/v1/namespaces/${ADAPTER.namespace}/secrets/${ADAPTER.name}-serving-certificate`;
const API_SERVICE = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta2.custom.metrics.k8s.io';
const FRONT_PROXY = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';

const podList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });
const apiService = z.object({ spec: z.object({ caBundle: z.string().optional() }) });
const authentication = z.object({ data: z.object({ 'requestheader-client-ca-file': z.string() }) });

/** What a cluster lives through: each has to leave all replicas as they are. */
export async function kindFaults(scene: Scene, syncPeriodMs: number): Promise<readonly Outcome[]> {
  const watched: Watched = {
    metrics: METRICS,
    autoscalers: ['backend/backend-1', 'backend/backend-2'],
    syncPeriodMs,
  };
  const faults = [
    adapterKilled,
    prometheusKilled,
    apiServerAway,
    await newServingAuthority(scene),
    newFrontProxy(),
  ];
  const outcomes: Outcome[] = [];
  for (const fault of faults) outcomes.push(await hold(scene, fault, watched));
  return outcomes;
}

const adapterKilled: Fault = {
  name: 'adapter killed twice',
  begin: async (scene) => {
    const selector = `labelSelector=app.kubernetes.io%2Fname%3D${ADAPTER.name}`;
    const path = `/api/v1/namespaces/${ADAPTER.namespace}/pods?${selector}`;
    const { items } = podList.parse(await scene.cluster.client.get(path));
    if (items.length === 0) throw new Error(`${ADAPTER.namespace} has no pod of the adapter`);
    for (const { metadata } of items) await killTwice(scene, ADAPTER.namespace, metadata.name, ADAPTER.name);
  },
};

const prometheusKilled: Fault = {
  name: 'Prometheus killed twice',
  begin: (scene) => killTwice(scene, 'cilium-monitoring', 'prometheus-cilium-0', 'prometheus'),
};

/** After the first time a container is started again at once, after the second one ten seconds later. */
async function killTwice(scene: Scene, ...container: [string, string, string]): Promise<void> {
  const { kubelet } = scene.cluster;
  const starts = kubelet.startsOf(...container);
  kubelet.killContainer(...container);
  await scene.until(`another start of ${container.join('/')}`, () =>
    Promise.resolve(kubelet.startsOf(...container) > starts),
  );
  kubelet.killContainer(...container);
}

const apiServerAway: Fault = {
  name: 'kube-apiserver killed, and started again after ten seconds',
  begin: async ({ cluster: { plane } }) => {
    await plane.apiServer.stop();
    await sleep(10_000);
    await plane.apiServer.start();
  },
};

/** The adapter makes itself an authority and a certificate where its Secret has none, and tells who has to know. */
async function newServingAuthority(scene: Scene): Promise<Fault> {
  const before = await caBundle(scene);
  return {
    name: "the adapter's certificate authority replaced",
    begin: async ({ cluster }) => {
      await cluster.client.patch(SERVING, { data: null }, PATCH.merge);
    },
    over: async () => {
      const now = await caBundle(scene);
      return now !== undefined && now !== before;
    },
  };
}

/** kube-apiserver notices by itself that its files are others, and publishes whom to believe. */
function newFrontProxy(): Fault {
  let authority = '';
  return {
    name: "the front proxy's certificate authority replaced",
    begin: ({ cluster }) => {
      const files = cluster.certificates.frontProxyFiles();
      authority = files['front-proxy-ca.crt'];
      cluster.plane.apiServer.writeFiles(files);
      return Promise.resolve();
    },
    over: async ({ cluster }) => {
      const { data } = authentication.parse(await cluster.client.get(FRONT_PROXY));
      return data['requestheader-client-ca-file'].includes(authority.trim());
    },
  };
}

async function caBundle({ cluster }: Scene): Promise<string | undefined> {
  return apiService.parse(await cluster.client.get(API_SERVICE)).spec.caBundle;
}
