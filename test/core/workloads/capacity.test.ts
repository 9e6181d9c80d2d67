import fc from 'fast-check';
import type { ClusterState, PodState } from '../../../core/kube/cluster-state';
import { podSpec } from '../../../core/kube/kinds/pod';
import { clusterCapacity } from '../../../core/workloads/capacity';
import { readCapacityConfig } from '../../../core/workloads/capacity-config';
import { node, pod } from './cluster-state';

type Variables = Readonly<Record<string, string>>;

function config(variables: Variables = {}) {
  return readCapacityConfig((name) => variables[name]);
}

const OPPORTUNISTIC = { RESERVE_CPU: '30', SLOT_CPU: '1', OPPORTUNISTIC_SELECTOR: 'work/app=worker' };

function worker(name: string, more: Partial<PodState> = {}): PodState {
  return pod(name, '1', { namespace: 'work', labels: { app: 'worker' }, ...more });
}

/** Six nodes of 184 cores in all, and one pod that requests so many of them. */
function bareMetal(others: string, workers: number): ClusterState {
  return {
    nodes: [
      ...['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => node(name, '32')),
      node('n6', '24', { allocatable: { cpu: '24', memory: '64Gi', pods: '110' } }),
    ],
    pods: [pod('paying', others), ...Array.from({ length: workers }, (_, i) => worker(`w${i}`))],
  };
}

describe('the capacity of the documented cluster', () => {
  it('is what the document shows: 184000 − 84870 = 99130', () => {
    const { cpu } = clusterCapacity(bareMetal('84870m', 0), config());
    expect([cpu.capacity, cpu.allocatable, cpu.requested, cpu.remaining]).toEqual([
      184_000, 184_000, 84_870, 99_130,
    ]);
  });

  it.each([
    ['30', 124],
    ['90', 64],
    ['154', 0],
    ['200', 0],
    ['30001m', 123],
  ])('with %s cores of others and 30 in reserve has %i slots of a core', (others, slots) => {
    expect(clusterCapacity(bareMetal(others, 0), config(OPPORTUNISTIC)).slots).toBe(slots);
  });

  it('has as many slots however many workers run, while what remains depends on them', () => {
    const [few, many] = [15, 124].map((workers) =>
      clusterCapacity(bareMetal('30', workers), config(OPPORTUNISTIC)),
    );
    expect([few?.slots, many?.slots]).toEqual([124, 124]);
    expect([few?.cpu.opportunistic, many?.cpu.opportunistic]).toEqual([15_000, 124_000]);
    expect([few?.cpu.remaining, many?.cpu.remaining]).toEqual([139_000, 30_000]);
  });

  it('has room for fewer workers that are larger', () => {
    const { slots, availableCpu } = clusterCapacity(
      bareMetal('30', 0),
      config({ ...OPPORTUNISTIC, SLOT_CPU: '2500m' }),
    );
    expect([slots, availableCpu]).toEqual([49, 124_000]);
  });
});

describe('what counts', () => {
  const nodes = [node('n1', '10'), node('n2', '10')];
  const requested = (pods: readonly PodState[], variables: Variables = {}) =>
    clusterCapacity({ nodes, pods }, config(variables)).cpu.requested;

  it.each<[PodState['phase'], number]>([
    ['Running', 2000],
    ['Pending', 2000],
    ['Unknown', 2000],
    ['Succeeded', 0],
    ['Failed', 0],
  ])('a pod that is %s takes %i', (phase, millicores) => {
    expect(requested([pod('a', '2', { phase })])).toBe(millicores);
  });

  it('not pods of excluded namespaces', () => {
    const pods = [
      pod('a', '1'),
      pod('b', '2', { namespace: 'kube-system' }),
      pod('c', '4', { namespace: 'ci' }),
    ];
    expect(requested(pods, { EXCLUDE_NAMESPACES: 'kube-system' })).toBe(5000);
    expect(requested(pods, { EXCLUDE_NAMESPACES: ' kube-system; ci,' })).toBe(1000);
  });

  it('pods that wait for a node, below zero if they want more than there is', () => {
    const capacity = clusterCapacity(
      { nodes, pods: [pod('a', '15'), pod('b', '8', { phase: 'Pending', node: undefined })] },
      config(OPPORTUNISTIC),
    );
    expect([capacity.cpu.remaining, capacity.waiting, capacity.slots, capacity.availableCpu]).toEqual([
      -3000, 1, 0, 0,
    ]);
  });

  it('neither the room nor the pods of a node that takes no new ones, and none of a node that is gone', () => {
    const cordoned = [node('n1', '10'), node('n2', '10', { unschedulable: true })];
    const pods = [pod('a', '1'), pod('b', '2', { node: 'n2' }), pod('c', '4', { node: 'gone' })];
    const { cpu, nodes: counted } = clusterCapacity({ nodes: cordoned, pods }, config());
    expect([cpu.capacity, cpu.allocatable, cpu.requested]).toEqual([20_000, 10_000, 1000]);
    expect(counted).toEqual({ all: 2, open: 1 });
  });

  it('as opportunistic only pods of the namespace with the labels', () => {
    const pods = [
      worker('a'),
      worker('b', { labels: { app: 'worker', tier: 'x' } }),
      worker('c', { labels: { app: 'other' } }),
      worker('d', { namespace: 'shop' }),
      worker('e', { phase: 'Pending', node: undefined }),
    ];
    const { cpu } = clusterCapacity({ nodes, pods }, config(OPPORTUNISTIC));
    expect([cpu.requested, cpu.opportunistic]).toEqual([5000, 3000]);
  });

  it('memory in Ki and pods one by one', () => {
    const spec = podSpec.parse({ containers: [{ name: 'a', resources: { requests: { memory: '1536' } } }] });
    const { memory, pods } = clusterCapacity(
      { nodes, pods: [pod('a', '1', { spec }), worker('b')] },
      config(),
    );
    expect([memory.capacity, memory.requested, memory.remaining]).toEqual([134_217_728, 1.5, 134_217_726.5]);
    expect([pods.capacity, pods.requested, pods.remaining]).toEqual([220, 2, 218]);
  });

  it('what a node offers apart from what it has, and nothing where it says nothing', () => {
    const offering = node('n1', '8', { allocatable: { cpu: '7910m' } });
    const { cpu, memory } = clusterCapacity({ nodes: [offering], pods: [] }, config());
    expect([cpu.capacity, cpu.allocatable, memory.allocatable]).toEqual([8000, 7910, 0]);
  });
});

describe('the laws of capacity', () => {
  const cores = fc.integer({ min: 0, max: 64_000 }).map((milli) => `${milli}m`);
  const pods = fc.array(
    fc.record({ cpu: cores, own: fc.boolean(), node: fc.constantFrom('n1', 'n2', undefined) }),
    { maxLength: 30 },
  );
  const state = (
    shapes: readonly { cpu: string; own: boolean; node: string | undefined }[],
  ): ClusterState => ({
    nodes: [node('n1', '64'), node('n2', '31500m')],
    pods: shapes.map(({ cpu, own, node: at }, index) =>
      pod(`p${index}`, cpu, { node: at, ...(own ? { namespace: 'work', labels: { app: 'worker' } } : {}) }),
    ),
  });

  it('slots fit, and one more would not', () => {
    fc.assert(
      fc.property(pods, fc.integer({ min: 1, max: 4000 }), (shapes, slot) => {
        const capacity = clusterCapacity(state(shapes), config({ ...OPPORTUNISTIC, SLOT_CPU: `${slot}m` }));
        expect(capacity.slots).toBeGreaterThanOrEqual(0);
        expect(capacity.slots * slot).toBeLessThanOrEqual(capacity.availableCpu);
        expect((capacity.slots + 1) * slot).toBeGreaterThan(capacity.availableCpu);
      }),
    );
  });

  it('the order of pods does not matter, and opportunistic pods do not change the slots', () => {
    fc.assert(
      fc.property(pods, (shapes) => {
        const capacity = clusterCapacity(state(shapes), config(OPPORTUNISTIC));
        expect(clusterCapacity(state(shapes.toReversed()), config(OPPORTUNISTIC))).toEqual(capacity);
        const others = clusterCapacity(state(shapes.filter(({ own }) => !own)), config(OPPORTUNISTIC));
        expect(others.slots).toBe(capacity.slots);
        expect(others.cpu.requested).toBe(capacity.cpu.requested - capacity.cpu.opportunistic);
      }),
    );
  });
});

describe('the configuration', () => {
  it('has defaults', () => {
    const { excludedNamespaces, reserveCpu, slotCpu, opportunistic } = config({ SLOT_CPU: '' });
    expect([excludedNamespaces.size, String(reserveCpu), String(slotCpu), opportunistic]).toEqual([
      0,
      '0',
      '1',
      undefined,
    ]);
  });

  it('takes labels with a prefix', () => {
    const { opportunistic } = config({ OPPORTUNISTIC_SELECTOR: 'work/app.kubernetes.io/name=worker' });
    expect(opportunistic?.namespace).toBe('work');
    expect(opportunistic?.selector.matches({ 'app.kubernetes.io/name': 'worker' })).toBe(true);
  });

  it.each([
    [{ RESERVE_CPU: 'many' }, /^RESERVE_CPU: invalid quantity "many"/],
    [{ RESERVE_CPU: '-1' }, 'RESERVE_CPU=-1: must be 0 or more'],
    [{ SLOT_CPU: '0' }, 'SLOT_CPU=0: must be more than 0'],
    [{ OPPORTUNISTIC_SELECTOR: 'worker' }, 'OPPORTUNISTIC_SELECTOR=worker: write NAMESPACE/LABEL-SELECTOR'],
    [{ OPPORTUNISTIC_SELECTOR: 'work/' }, 'OPPORTUNISTIC_SELECTOR=work/: write NAMESPACE/LABEL-SELECTOR'],
    [{ OPPORTUNISTIC_SELECTOR: 'work/a in b' }, /^OPPORTUNISTIC_SELECTOR: /],
  ])('refuses %j', (variables: Variables, message) => {
    expect(() => config(variables)).toThrow(message);
  });
});
