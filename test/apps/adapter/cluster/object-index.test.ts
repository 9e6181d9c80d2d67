import fc from 'fast-check';
import { Selector } from '../../../../core/kube/selector';
import { LabelSets } from '../../../../apps/adapter/cluster/label-sets';
import { NamespaceIndex, selectorAnswers } from '../../../../apps/adapter/cluster/namespace-index';
import { ObjectIndex } from '../../../../apps/adapter/cluster/object-index';

interface Thing {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

const word = fc.constantFrom('a', 'b', 'a-b', 'a.b', 'a0');
const thing: fc.Arbitrary<Thing> = fc.record({
  metadata: fc.record(
    {
      name: word,
      namespace: word,
      labels: fc.dictionary(fc.constantFrom('app', 'tier'), word, { maxKeys: 2 }),
    },
    { requiredKeys: ['name', 'namespace'] },
  ),
});
const change = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), thing }),
  fc.record({ kind: fc.constant('remove' as const), thing }),
  fc.record({ kind: fc.constant('replace' as const), things: fc.array(thing, { maxLength: 12 }) }),
);
const selector = fc
  .constantFrom(
    '',
    'app=a',
    'app==b,tier=a',
    'app in (a,b,a)',
    'app!=a',
    'tier',
    '!tier',
    'app notin (a),tier in (b)',
  )
  .map((text) => Selector.parse(text));
const keyOf = ({ metadata }: Thing) => `${metadata.namespace}/${metadata.name}`;

/** What the API server lists: by its keys, each object tried. */
function listed(
  things: ReadonlyMap<string, Thing>,
  namespace: string | undefined,
  wanted: Selector,
): string[] {
  return [...things.keys()].sort().flatMap((key) => {
    const found = things.get(key);
    if (!found || (namespace !== undefined && found.metadata.namespace !== namespace)) return [];
    return wanted.matches(found.metadata.labels ?? {}) ? [found.metadata.name] : [];
  });
}

describe('an index of objects', () => {
  it('gives the same list as long as it names the same objects, whatever happens to others', () => {
    const index = new ObjectIndex(new LabelSets());
    const pod = (name: string, app: string) => ({ metadata: { name, namespace: 'a', labels: { app } } });
    const wanted = Selector.parse('app=a');
    index.put(pod('one', 'a'));
    const before = index.names('a', wanted);
    index.put(pod('two', 'b'));
    expect(index.names('a', wanted)).toBe(before);
    index.put(pod('three', 'a'));
    expect(index.names('a', wanted)).toEqual(['one', 'three']);
    expect(before).toEqual(['one']);
  });

  it('names what the API server would list, whatever happened before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(change, selector, fc.option(word, { nil: undefined })), { maxLength: 30 }),
        (steps) => {
          const sets = new LabelSets();
          const index = new ObjectIndex(sets);
          let things = new Map<string, Thing>();
          for (const [step, wanted, namespace] of steps) {
            if (step.kind === 'replace') {
              things = new Map(step.things.map((each) => [keyOf(each), each]));
              index.replace(step.things);
            } else if (step.kind === 'put') {
              things.set(keyOf(step.thing), step.thing);
              index.put(step.thing);
            } else {
              things.delete(keyOf(step.thing));
              index.remove(step.thing);
            }
            const expected = listed(things, namespace, wanted);
            expect(index.names(namespace, wanted)).toEqual(expected);
            expect(index.records(namespace, wanted).map(({ name }) => name)).toEqual(expected);
            expect(index.size).toBe(things.size);
            const distinct = new Set(
              [...things.values()].map(({ metadata }) => JSON.stringify(metadata.labels ?? {})),
            );
            expect(sets.size).toBe(distinct.size);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the very same answer while a namespace stays as it is', () => {
    const index = new ObjectIndex(new LabelSets());
    const pod = (namespace: string, name: string, version: string) => ({
      metadata: { name, namespace, labels: { app: 'x' }, resourceVersion: version },
    });
    index.replace([pod('shop', 'b', '1'), pod('shop', 'a', '1'), pod('else', 'c', '1')]);
    const ask = () => index.names('shop', Selector.parse('app=x'));
    const first = ask();
    index.put(pod('shop', 'a', '2'));
    index.put(pod('else', 'd', '3'));
    expect(ask()).toBe(first);
    index.put(pod('shop', 'c', '4'));
    expect(ask()).toEqual(['a', 'b', 'c']);
  });

  it('remembers answers within bounds, whatever selectors clients send', () => {
    const answers = selectorAnswers(64 * 1024);
    const sets = new LabelSets();
    const indexes = ['a', 'b'].map((namespace) => {
      const index = new NamespaceIndex(namespace, answers);
      index.put({ name: 'x', namespace, labels: sets.acquire({}), createdMs: 0 });
      return index;
    });
    const [index] = indexes;
    const asked = (length: number, number: number) =>
      Selector.parse(`!k${number},!${Array.from({ length }, () => 'k'.repeat(50)).join(',!')}`);
    expect(index?.names(asked(20, 0))).toEqual(['x']);
    expect(answers.size).toBe(0);
    for (let number = 0; number < 60; number++) {
      const selector = asked(18, number);
      for (const each of indexes) expect(each.names(selector)).toEqual(['x']);
    }
    // Of 120 answers of some 1,150 bytes as many as there is room for.
    expect(answers.size).toBeGreaterThan(50);
    expect(answers.size).toBeLessThan(60);
    const last = index?.names(asked(18, 59));
    expect(index?.names(asked(18, 59))).toBe(last);
  });

  it('does not take answers of a namespace for those of another of its name', () => {
    const index = new ObjectIndex(new LabelSets());
    const one = { metadata: { name: 'a', namespace: 'shop' } };
    index.put(one);
    expect(index.names('shop', Selector.everything)).toEqual(['a']);
    index.remove(one);
    index.put({ metadata: { name: 'b', namespace: 'shop' } });
    expect(index.names('shop', Selector.everything)).toEqual(['b']);
  });

  it('keeps when objects were created', () => {
    const index = new ObjectIndex(new LabelSets());
    index.put({ metadata: { name: 'a', namespace: 'shop', creationTimestamp: '2026-01-02T03:04:05Z' } });
    expect(index.record('shop', 'a')?.createdMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(index.record('shop', 'b')).toBeUndefined();
  });
});
