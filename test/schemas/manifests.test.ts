import { parseObject, refOf, refText, type KubeObject } from '../../core/kube/object';
import { allObjects } from '../../core/model';
import { stacks } from '../../stacks';
import { synthesize } from '../../synth';
import { sportsbook } from '../stacks/sportsbook';
import { SchemaStore } from './schema-store';

const store = SchemaStore.load();

/** The stacks, and one with the kinds that none of them has. */
const definitions = [...stacks, sportsbook];

function objectsOf(definition: (typeof definitions)[number]): readonly KubeObject[] {
  return allObjects(synthesize(definition.define(definition.options.parse({})))).map(({ object }) => object);
}

describe.each(definitions.map((definition) => [definition.name, definition] as const))(
  'objects of %s',
  (_, definition) => {
    it.each(objectsOf(definition).map((object) => [refText(refOf(object)), object] as const))(
      '%s',
      (_name, object) => {
        expect(store.problems(object)).toEqual([]);
      },
    );
  },
);

describe('the schemas refuse', () => {
  const deployment = (container: object) =>
    parseObject(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', ...container }] } },
        },
      },
      'test',
    );

  it('nothing of a sound object', () => {
    expect(
      store.problems(deployment({ image: 'x', resources: { requests: { cpu: 1, memory: '1Mi' } } })),
    ).toEqual([]);
  });

  it('a mistyped field', () => {
    expect(store.problems(deployment({ livenessProb: {} })).join()).toContain('livenessProb');
  });

  it('a wrong type', () => {
    expect(store.problems(deployment({ ports: [{ containerPort: 'http' }] })).join()).toContain(
      '/containerPort',
    );
  });

  it('a field that a CRD does not have, and a value against its pattern', () => {
    const monitor = parseObject(
      {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'ServiceMonitor',
        metadata: { name: 'a' },
        spec: { selector: {}, endpoints: [{ interval: 'soon', prot: 'web' }] },
      },
      'test',
    );
    const problems = store.problems(monitor).join();
    expect(problems).toContain('prot');
    expect(problems).toContain('/interval');
  });

  it('a number for the text of a trigger', () => {
    const scaledObject = parseObject(
      {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: 'a' },
        spec: {
          scaleTargetRef: { name: 'a' },
          triggers: [{ type: 'prometheus', metadata: { threshold: 100 } }],
        },
      },
      'test',
    );
    expect(store.problems(scaledObject).join()).toContain('/threshold');
  });

  it('a kind that nobody defines', () => {
    expect(
      store.problems(parseObject({ apiVersion: 'v1', kind: 'Sevice', metadata: { name: 'a' } }, 'test')),
    ).toEqual(['no schema for v1 Sevice']);
  });
});
