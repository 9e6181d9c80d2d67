import { readNode, readPod } from '../../../apps/cluster-metrics/objects';
import { clusterCapacity } from '../../../core/workloads/capacity';
import { readCapacityConfig } from '../../../core/workloads/capacity-config';

const CONFIG = readCapacityConfig(() => undefined);
const MAIN = { name: 'main', resources: { requests: { cpu: '100m', memory: '64Mi' } } };

/** A pod as the API has it, in a cluster of its own that has room for it: thousandths of a core, and Ki. */
function requests(spec: object): readonly [cpu: number, memory: number] {
  const metadata = { name: 'a', namespace: 'shop' };
  const pod = readPod({ metadata, spec: { containers: [MAIN], ...spec }, status: { phase: 'Pending' } });
  const { cpu, memory } = clusterCapacity({ nodes: [], pods: [pod] }, CONFIG);
  return [cpu.requested, memory.requested];
}

function isOpen(spec: object | null): boolean {
  return !readNode({ metadata: { name: 'n1' }, spec, status: { allocatable: { cpu: 4 } } }).unschedulable;
}

describe('a pod as the API has it', () => {
  it.each<[string, string | number, number]>([
    ['millicores', '250m', 250],
    ['cores', '2', 2000],
    ['a number', 2, 2000],
    ['a fraction', '0.25', 250],
    ['an exponent', '15e-1', 1500],
    ['thousands', '1k', 1_000_000],
    ['micro', '500000u', 500],
    ['nano', '1500000n', 1.5],
  ])('requests CPU in %s', (_, cpu, millicores) => {
    expect(requests({ containers: [{ name: 'main', resources: { requests: { cpu } } }] })[0]).toBe(
      millicores,
    );
  });

  it.each<[string | number, number]>([
    ['1Gi', 1024 * 1024],
    ['1536', 1.5],
    [2048, 2],
    ['1e6', 976.5625],
    ['128M', 125_000],
    ['1024000m', 1],
  ])('requests memory as %s', (memory, ki) => {
    expect(requests({ containers: [{ name: 'main', resources: { requests: { memory } } }] })[1]).toBe(ki);
  });

  it('needs as much as the largest of its init containers, which run one after the other', () => {
    const init = ['1', '2', '500m'].map((cpu, i) => ({ name: `i${i}`, resources: { requests: { cpu } } }));
    expect(requests({ initContainers: init })).toEqual([2000, 64 * 1024]);
  });

  it('needs its sidecars all the time, besides the init containers that follow them', () => {
    const sidecar = { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '300m' } } };
    const init = { name: 'i', resources: { requests: { cpu: '1' } } };
    expect(requests({ initContainers: [sidecar] })[0]).toBe(400);
    expect(requests({ initContainers: [sidecar, init] })[0]).toBe(1300);
    expect(requests({ initContainers: [init, sidecar] })[0]).toBe(1000);
  });

  it('needs what it requests as a whole, whatever its containers say, and its overhead', () => {
    expect(requests({ resources: { requests: { cpu: '750m' } } })).toEqual([750, 64 * 1024]);
    expect(requests({ overhead: { cpu: '50m', memory: '1Mi' } })).toEqual([150, 65 * 1024]);
  });

  it('waits for a node without the name of one, or with an empty one', () => {
    const nodes = [{}, { nodeName: '' }, { nodeName: 'n1' }].map((spec) => {
      const pod = { metadata: { name: 'a', namespace: 'shop' }, status: { phase: 'Pending' } };
      return readPod({ ...pod, spec: { containers: [MAIN], ...spec } }).node;
    });
    expect(nodes).toEqual([undefined, undefined, 'n1']);
  });
});

describe('a node as the API has it', () => {
  it.each<[string, object | null, boolean]>([
    ['without a spec', null, true],
    ['cordoned', { unschedulable: true }, false],
    ['that is not ready', { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] }, false],
    ['of a control plane', { taints: [{ key: 'x', effect: 'NoSchedule' }] }, false],
    ['that pods should rather avoid', { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] }, true],
  ])('%s takes new pods or not', (_, spec, open) => {
    expect(isOpen(spec)).toBe(open);
  });
});
