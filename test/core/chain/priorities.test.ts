import { Priorities } from '../../../core/chain';
import { Inventory } from '../../../core/kube/inventory';

const CONTAINERS = [{ name: 'main' }];

function classOf(name: string, value: number, more = {}) {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, ...more };
}

function priorityOf(priorityClassName: string | undefined, ...objects: ReturnType<typeof classOf>[]) {
  return new Priorities(new Inventory(objects)).of({ containers: CONTAINERS, priorityClassName });
}

describe('the priority of a pod', () => {
  it('is that of its class', () => {
    expect(priorityOf('low', classOf('low', -5))).toEqual({ value: -5, preempts: true });
    expect(priorityOf('calm', classOf('calm', 7, { preemptionPolicy: 'Never' }))).toEqual({
      value: 7,
      preempts: false,
    });
  });

  it('is zero without any class, and the lowest of several defaults', () => {
    const [high, low] = [9, 4].map((value) => classOf(`default-${value}`, value, { globalDefault: true }));
    if (!high || !low) throw new Error('no classes');
    expect(priorityOf(undefined)?.value).toBe(0);
    expect(priorityOf('', classOf('other', 3))?.value).toBe(0);
    expect(priorityOf(undefined, high, low)?.value).toBe(4);
  });

  it('of the system is above what a class may have', () => {
    expect(priorityOf('system-cluster-critical')?.value).toBe(2_000_000_000);
    expect(priorityOf('system-node-critical')?.value).toBe(2_000_001_000);
  });

  it('is not known of a class that does not exist', () => {
    expect(priorityOf('gone', classOf('other', 3))).toBeUndefined();
  });
});
