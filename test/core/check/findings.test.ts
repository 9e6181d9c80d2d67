import fc from 'fast-check';
import { CHECKS, checkObjects } from '../../../core/check';
import { parseObject, type KubeObject } from '../../../core/kube/object';
import { chain, summary } from './fixture';

const BACKEND = 'Deployment shop/backend';

describe('findings', () => {
  const broken = [
    { object: BACKEND, replace: 'backend:1.0.0', by: 'backend' },
    {
      object: 'Service kube-system/hubble-metrics',
      replace: 'name: hubble-metrics, port',
      by: 'name: metrics, port',
    },
    { object: 'ConfigMap shop/load-targets', replace: ':80/', by: ':81/' },
  ];

  it('come with errors first, then in the order of the objects', () => {
    expect(summary(checkObjects(chain(broken)))).toEqual([
      'error call-target-missing Deployment shop/load',
      'error monitor-port-unresolved ServiceMonitor monitoring/hubble',
      'error series-not-scraped ConfigMap monitoring/adapter-rules',
      `warning unpinned-image ${BACKEND}`,
    ]);
  });

  it('name the construct, where it is known', () => {
    const objects = chain(broken).map((sourced) => ({
      ...sourced,
      origin: { constructPath: `app/${sourced.object.kind}` },
    }));
    expect(checkObjects(objects)[0]).toMatchObject({ constructPath: 'app/Deployment' });
  });

  it('are the same in whatever order the objects come', () => {
    const objects = chain(broken);
    const expected = summary(checkObjects(objects)).sort();
    fc.assert(
      fc.property(fc.shuffledSubarray([...objects], { minLength: objects.length }), (shuffled) => {
        expect(summary(checkObjects(shuffled)).sort()).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('never need any object to be there', () => {
    fc.assert(
      fc.property(fc.subarray([...chain()]), (some) => {
        expect(() => checkObjects(some)).not.toThrow();
      }),
      { numRuns: 40 },
    );
  });

  it('are about whatever the fields of an object hold', () => {
    const objects = chain();
    const junk = fc.constantFrom(null, '', '[', 'a b', -1, 0.5, true, [], {}, [null], { name: 'a' }, [
      { key: 'a', operator: 'Like' },
    ]);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), junk, (which, where, value) => {
        const index = which % objects.length;
        const broken = objects.map((sourced, at) =>
          at === index
            ? { ...sourced, object: parseObject(withJunk(sourced.object, where, value), 'junk') }
            : sourced,
        );
        expect(() => checkObjects(broken)).not.toThrow();
      }),
      { numRuns: 100 },
    );
  });

  it('say which check could not be made, and leave the others alone', () => {
    const monitor = 'PodMonitor shop/backend';
    const findings = checkObjects(
      chain([
        { object: monitor, replace: 'port: http', by: 'port: "["' },
        { object: BACKEND, replace: 'backend:1.0.0', by: 'backend' },
      ]),
    );
    expect(summary(findings)).toContain(`warning unpinned-image ${BACKEND}`);
    expect(findings.find(({ check }) => check === 'not-checked')?.message).toMatch(
      /^check monitor-port-unresolved was not made to its end: port "\["/,
    );
  });

  it('have an id of their own for every check', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });
});

/** The object with one of its fields, but none that identify it, replaced. */
function withJunk(object: KubeObject, where: number, value: unknown): unknown {
  const { apiVersion, kind, metadata, ...rest } = object;
  const leaves = countFields(rest);
  return { apiVersion, kind, metadata, ...Object(replaceField(rest, { left: where % leaves }, value)) };
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((total, field) => total + 1 + countFields(field), 0);
}

function replaceField(value: unknown, at: { left: number }, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]): [string, unknown] =>
    at.left-- === 0 ? [key, by] : [key, replaceField(field, at, by)],
  );
  return Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields);
}
