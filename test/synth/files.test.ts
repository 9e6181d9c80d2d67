import { parse, parseAllDocuments, type Document } from 'yaml';
import { z } from 'zod';
import { parseScenarioFile } from '../../core/model';
import { manifestFiles, stackFiles, synthesize } from '../../synth';
import { shop } from './fixture';

const source = '../..';
const objects = synthesize(shop);
const files = stackFiles(shop, objects, { source });

function content(path: string): string {
  const file = files.get(path);
  if (!file) throw new Error(`no ${path} among ${[...files.keys()].join(', ')}`);
  return file.content;
}

function toValue(document: Document.Parsed): unknown {
  return document.toJS();
}

describe('files of a stack', () => {
  it('are the manifests, and everything else in the folder of the stack', () => {
    expect([...files.keys()]).toEqual([
      'manifests/shop/00-namespaces.yaml',
      'manifests/shop/01-workload.yaml',
      'manifests/shop/02-autoscaling.yaml',
      'shop/kind.yaml',
      'shop/values/cilium.yaml',
      'shop/values/crds.yaml',
      'shop/provided/00-cluster.yaml',
      'shop/provided/01-cilium.yaml',
      'shop/scenario.yaml',
      'shop/install.sh',
      'shop/uninstall.sh',
      'shop/watch.sh',
      'shop/forward.sh',
    ]);
  });

  it.each([...files.keys()])('%s stays as it is', (path) => {
    expect(content(path)).toMatchSnapshot();
  });

  it('lets exactly the scripts be run', () => {
    const executable = [...files].filter(([, file]) => file.executable).map(([path]) => path);
    expect(executable).toEqual([...files.keys()].filter((path) => path.endsWith('.sh')));
  });

  it('hold in their manifests exactly the objects, nothing from a release', () => {
    const read = [...manifestFiles('shop', objects).values()].flatMap((file) =>
      parseAllDocuments(file.content, { version: '1.1' }).map(toValue),
    );
    expect(read).toEqual(objects.stages.flatMap((stage) => stage.objects.map(({ object }) => object)));
  });

  it('leave out the manifest of a stage without objects, and keep the numbers of the others', () => {
    const stages = objects.stages.map((stage) =>
      stage.stage === 'workload' ? { ...stage, objects: [] } : stage,
    );
    const sparse = stackFiles(shop, { ...objects, stages }, { source });
    expect([...sparse.keys()].filter((path) => path.startsWith('manifests/'))).toEqual([
      'manifests/shop/00-namespaces.yaml',
      'manifests/shop/02-autoscaling.yaml',
    ]);
    expect(sparse.get('shop/install.sh')?.content).not.toContain('apply 01-workload.yaml');
  });

  it('have a scenario that reads back, with the cluster and the folder of provided objects', () => {
    const scenario = parseScenarioFile(content('shop/scenario.yaml'), 'scenario.yaml');
    expect(scenario).toEqual({ ...shop.scenario, cluster: shop.cluster, provided: ['provided'] });
  });
});

const kubeadmPatches = z.object({ kubeadmConfigPatches: z.tuple([z.string()]) });

describe('kind.yaml', () => {
  const config = (cluster: Partial<typeof shop.cluster>): unknown =>
    parse(
      stackFiles({ ...shop, cluster: { ...shop.cluster, ...cluster } }, objects, { source }).get(
        'shop/kind.yaml',
      )?.content ?? '',
    );

  it('has one node entry per node, all of the same Kubernetes', () => {
    const image = 'kindest/node:v1.36.1';
    expect(config({})).toMatchObject({
      name: 'shop-cluster',
      networking: { disableDefaultCNI: true, kubeProxyMode: 'none' },
      nodes: [
        { role: 'control-plane', image },
        { role: 'worker', image },
        { role: 'worker', image },
      ],
    });
  });

  it('leaves the network to kind where the cluster is as kind makes it', () => {
    expect(config({ cni: 'kindnet', kubeProxy: true })).toMatchObject({ networking: {} });
  });

  it('opens and closes feature gates as the cluster has them', () => {
    expect(config({})).not.toHaveProperty('featureGates');
    expect(config({ featureGates: { HPAScaleToZero: true } })).toMatchObject({
      featureGates: { HPAScaleToZero: true },
    });
  });

  it.each([
    ['1.36.1', 'kubeadm.k8s.io/v1beta4', [{ name: 'horizontal-pod-autoscaler-sync-period', value: '10s' }]],
    ['1.35.8', 'kubeadm.k8s.io/v1beta3', { 'horizontal-pod-autoscaler-sync-period': '10s' }],
  ])(
    'sets the controller flags that differ from the defaults (Kubernetes %s)',
    (kubernetes, apiVersion, extraArgs) => {
      const autoscaling = { ...shop.cluster.autoscaling, syncPeriod: '10s' };
      const [patch] = kubeadmPatches.parse(config({ kubernetes, autoscaling })).kubeadmConfigPatches;
      expect(parse(patch)).toEqual({
        apiVersion,
        kind: 'ClusterConfiguration',
        controllerManager: { extraArgs },
      });
    },
  );
});
