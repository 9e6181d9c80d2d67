import fc from 'fast-check';
import { leastSacrifice, sacrificeOn, type Sacrifice } from '../../rehearsal/preemption';
import { Room } from '../../rehearsal/room';
import { VirtualPod } from '../../rehearsal/virtual-pod';

const NOTHING = { cpu: 0n, memory: 0n, pods: 0 };

/** What a pod of these tests is. */
interface Given {
  readonly cores: number;
  readonly priority: number;
  /** When it began, in milliseconds. */
  readonly start: number;
}

const facts = new WeakMap<VirtualPod, Given>();
const ranking = {
  priorityOf: (pod: VirtualPod) => facts.get(pod)?.priority ?? 0,
  startOf: (pod: VirtualPod) => facts.get(pod)?.start ?? 0,
};

function podOf(given: Given, number = 0): VirtualPod {
  const spec = {
    containers: [{ name: 'main', resources: { requests: { cpu: given.cores } } }],
  };
  const workload = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${number}` },
    spec: { selector: {}, template: { spec } },
  };
  const pod = new VirtualPod(workload, `pod-${number}`, number, 0, undefined);
  facts.set(pod, given);
  return pod;
}

/** A node with pods on it, with or without room for more. */
function roomOf(cores: number, pods: readonly Given[]): Room {
  const allocatable = { cpu: String(cores), memory: '64Gi', pods: 110 };
  const room = new Room({ name: `node-${cores}`, ip: '172.18.0.2', role: 'worker', allocatable });
  pods.forEach((given, index) => room.add(podOf(given, index)));
  return room;
}

function victimsOf(outcome: ReturnType<typeof sacrificeOn>): readonly VirtualPod[] | undefined {
  return 'victims' in outcome ? outcome.victims : undefined;
}

const given = fc.record({
  cores: fc.integer({ min: 1, max: 4 }),
  priority: fc.integer({ min: -3, max: 3 }),
  start: fc.integer({ min: 0, max: 5 }),
});

describe('the victims on a node', () => {
  it('are of a lower priority, make room, and are not more than needed', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 8 }), given, (pods, wanted) => {
        const room = roomOf(10, pods);
        const pod = podOf(wanted, 100);
        const victims = victimsOf(sacrificeOn(room, pod, NOTHING, ranking));
        if (!victims) return;
        expect(victims.every((victim) => ranking.priorityOf(victim) < wanted.priority)).toBe(true);
        const taken = pods.reduce((sum, { cores }) => sum + cores, 0);
        const freed = victims.reduce((sum, victim) => sum + (facts.get(victim)?.cores ?? 0), 0);
        expect(taken - freed + wanted.cores).toBeLessThanOrEqual(10);
        for (const victim of victims) {
          const kept = facts.get(victim)?.cores ?? 0;
          expect(taken - freed + kept + wanted.cores).toBeGreaterThan(10);
        }
      }),
    );
  });

  it('are the least important: of equal ones, those that began last', () => {
    const room = roomOf(3, [
      { cores: 1, priority: 0, start: 10 },
      { cores: 1, priority: 0, start: 30 },
      { cores: 1, priority: -5, start: 0 },
    ]);
    const outcome = sacrificeOn(room, podOf({ cores: 2, priority: 5, start: 0 }, 9), NOTHING, ranking);
    expect(victimsOf(outcome)?.map(({ name }) => name)).toEqual(['pod-1', 'pod-2']);
  });

  it('make room for what is reserved too', () => {
    const room = roomOf(4, [
      { cores: 2, priority: 0, start: 0 },
      { cores: 2, priority: 0, start: 1 },
    ]);
    const pod = podOf({ cores: 2, priority: 5, start: 0 }, 9);
    const reserved = { cpu: 2_000_000_000n, memory: 0n, pods: 1 };
    expect(victimsOf(sacrificeOn(room, pod, NOTHING, ranking))).toHaveLength(1);
    expect(victimsOf(sacrificeOn(room, pod, reserved, ranking))).toHaveLength(2);
  });
});

describe('the node', () => {
  const sacrifice = (name: string, ...victims: readonly Given[]): Sacrifice => ({
    room: new Room({ name, ip: '', role: 'worker', allocatable: { cpu: '1', memory: '1', pods: 1 } }),
    victims: victims.map((victim, index) => podOf(victim, index)),
  });
  const low = { cores: 1, priority: -5, start: 0 };
  const high = { cores: 1, priority: 5, start: 0 };

  it.each<readonly [what: string, better: readonly Given[], worse: readonly Given[]]>([
    ['whose most important victim is the least important', [low, low, low], [high]],
    ['with the least sum of priorities', [high, low], [high, high]],
    ['with fewer victims, though their priorities are negative', [low], [low, low]],
    ['whose victims began last', [{ ...low, start: 9 }], [low]],
  ])('is the one %s', (_, better, worse) => {
    const candidates = [sacrifice('worse', ...worse), sacrifice('better', ...better)];
    expect(leastSacrifice(candidates, ranking)?.room.node.name).toBe('better');
    expect(leastSacrifice(candidates.reverse(), ranking)?.room.node.name).toBe('better');
  });

  it('is the first of equal ones, and none of none', () => {
    const candidates = [sacrifice('first', low), sacrifice('second', low)];
    expect(leastSacrifice(candidates, ranking)?.room.node.name).toBe('first');
    expect(leastSacrifice([], ranking)).toBeUndefined();
  });
});
