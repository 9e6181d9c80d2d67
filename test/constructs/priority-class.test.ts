import { App, AppDeployment, Priority, PriorityClass } from '../../constructs';
import { inventory, only, render } from './render';

describe('a priority class', () => {
  it('of opportunistic work is below all others, and pushes nobody out', () => {
    const [object] = render((chart) => {
      new PriorityClass(chart, 'class', { priority: Priority.opportunistic('spare') });
    });
    expect(object).toEqual({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'spare' },
      value: -100,
      globalDefault: false,
      preemptionPolicy: 'Never',
      description: 'Work that gives way to everything else.',
    });
  });

  it('may push others out', () => {
    const priority = new Priority('urgent', 1000, true, 'First of all.');
    const [object] = render((chart) => void new PriorityClass(chart, 'class', { priority }));
    expect(object).toMatchObject({ value: 1000, preemptionPolicy: 'PreemptLowerPriority' });
  });

  it.each([
    ['Spare', 0, 'priority class "Spare" cannot be its name'],
    ['system-spare', 0, 'priority class "system-spare" cannot be its name'],
    ['spare', 1_000_000_001, 'priority class spare: 1000000001 must be a whole number up to 1000000000'],
    ['spare', 0.5, 'priority class spare: 0.5 must be a whole number'],
  ])('cannot be %s with %d', (name, value, message) => {
    expect(() => new Priority(name, value, true, '')).toThrow(message);
  });
});

describe('the pods of an app', () => {
  const spec = (props: Partial<ConstructorParameters<typeof AppDeployment>[2]> = {}) => {
    const { deployments } = inventory((chart) => {
      new AppDeployment(chart, 'd', {
        app: new App({ namespace: 'shop', name: 'cart' }),
        ...{ image: 'cart:1', user: 1, resources: { cpu: { request: '1', limit: '2' }, memory: '1Mi' } },
        ...props,
      });
    });
    return only(deployments).spec.template.spec;
  };

  it('have a priority and time to end, if they are given some', () => {
    expect(spec({ priority: Priority.opportunistic(), gracePeriod: 0 })).toMatchObject({
      priorityClassName: 'opportunistic',
      terminationGracePeriodSeconds: 0,
    });
    expect(spec()).not.toHaveProperty('priorityClassName');
    expect(spec()).not.toHaveProperty('terminationGracePeriodSeconds');
  });

  it('may learn what they request', () => {
    const env = { MODE: 'fast', CPU: { resource: 'requests.cpu', divisor: '1m' } } as const;
    expect(only(spec({ env }).containers).env).toEqual([
      { name: 'MODE', value: 'fast' },
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } } },
    ]);
  });
});
