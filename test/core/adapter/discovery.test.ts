import fc from 'fast-check';
import { listNames, type KnownMetric, type ListingReply, Registry } from '../../../core/adapter';
import { type ListingQuestion } from '../../../core/adapter/discovery';
import { ApiResources } from '../../../core/kube/api-resources';
import { type Labels } from '../../../core/kube/selector';
import { parseSelector } from '../../../core/promql';
import { groupResourceText, parseAdapterConfig } from '../../../core/rules';

const NOW = 1_700_000_000_000;
const TIMES = { atMs: NOW, maxAgeMs: 600_000 };

function registryOf(text: string): Registry {
  return Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
}

function selected(selector: string, series: readonly Labels[]): Labels[] {
  const matchers = parseSelector(selector);
  return series.filter((labels) => matchers.every((matcher) => matcher.matches(labels[matcher.label] ?? '')));
}

/** What Prometheus answers that has these series. */
function reply({ kind, match }: ListingQuestion, series: readonly Labels[]): ListingReply {
  const found = match.flatMap((selector) => selected(selector, series));
  const values = found.flatMap((labels) =>
    kind === 'labels' ? Object.keys(labels) : (labels['__name__'] ?? []),
  );
  return { values: [...new Set(values)].sort() };
}

/** Lists by names, with every question that was asked. */
function listed(
  registry: Registry,
  answer: (question: ListingQuestion) => ListingReply,
  limit?: number,
): { registry: Registry; questions: ListingQuestion[] } {
  const questions: ListingQuestion[] = [];
  const results = registry.listings().map((listing) => {
    const asking = listNames(listing, TIMES, limit);
    let step = asking.next();
    while (!step.done) {
      questions.push(step.value);
      step = asking.next(answer(step.value));
    }
    return [listing.key, step.value] as const;
  });
  return { registry: registry.updated(new Map(results)), questions };
}

function text({ resource, namespaced, metric, rule, series }: KnownMetric): string {
  const of = resource ? groupResourceText(resource) : 'external';
  return `${namespaced ? '' : '/'}${of}/${metric} ${rule.path} ${series}`;
}

function names(registry: Registry): string[] {
  return registry.metrics().map(text).sort();
}

const RULES = `
rules:
- {seriesQuery: '{namespace!=""}', resources: {template: <<.Resource>>}, metricsQuery: q}
- {seriesQuery: 'a', resources: {overrides: {po: {resource: pod}, no: {resource: node}, zone: {group: storage.k8s.io, resource: storageclass}}}, metricsQuery: q}
- {seriesQuery: '{__name__=~"[ab]"}', resources: {template: '<<.Resource>>', overrides: {po: {resource: pod}}}, name: {as: same}, metricsQuery: q}
externalRules:
- {seriesQuery: '{namespace!=""}', metricsQuery: q}
- {seriesQuery: b, name: {as: queue}, metricsQuery: q}
`;

const labelName = fc.constantFrom(
  'namespace',
  'pod',
  'po',
  'node',
  'no',
  'zone',
  'job',
  'persistentvolume',
  'x',
);
const seriesArbitrary = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.dictionary(labelName, fc.constantFrom('1', '2'), { maxKeys: 4 }))
  .map(([name, labels]): Labels => ({ __name__: name, ...labels }));

describe('a listing by names', () => {
  it('registers what a listing of the series registers', () => {
    const empty = registryOf(RULES);
    fc.assert(
      fc.property(fc.array(seriesArbitrary, { maxLength: 12 }), (series) => {
        const byName = [...series].sort((a, b) => ((a['__name__'] ?? '') < (b['__name__'] ?? '') ? -1 : 1));
        const whole = empty.updated(
          new Map(empty.listings().map(({ key, selector }) => [key, selected(selector, byName)])),
        );
        expect(names(listed(empty, (question) => reply(question, series)).registry)).toEqual(names(whole));
      }),
    );
  });

  it('asks for labels, and for the names of series that have a label of an object', () => {
    const registry = registryOf(
      `rules: [{seriesQuery: 'a{b="c"}', resources: {template: <<.Resource>>}, metricsQuery: q}]`,
    );
    const series = [{ __name__: 'a', b: 'c', pod: 'p', instance: 'i' }];
    const { questions } = listed(registry, (question) => reply(question, series));
    const asked = { source: '', startMs: NOW - 600_000 };
    expect(questions).toEqual([
      { ...asked, kind: 'labels', match: ['a{b="c"}'] },
      { ...asked, kind: 'names', match: ['{__name__="a",b="c",pod!=""}'] },
    ]);
  });

  it('asks once for labels that the selector demands', () => {
    const registry = registryOf(
      `rules: [{seriesQuery: '{namespace!="",pod!=""}', resources: {template: <<.Resource>>}, metricsQuery: q}]`,
    );
    const series = [{ __name__: 'a', namespace: 'n', pod: 'p' }];
    const { questions, registry: after } = listed(registry, (question) => reply(question, series));
    expect(questions.map(({ match }) => match[0])).toEqual([
      '{namespace!="",pod!=""}',
      '{namespace!="",pod!=""}',
    ]);
    expect(names(after)).toEqual(['/namespaces/a rules[0] a', 'pods/a rules[0] a']);
  });

  it('needs no labels for external metrics', () => {
    const registry = registryOf(`externalRules: [{seriesQuery: 'b', metricsQuery: q}]`);
    const { questions } = listed(registry, () => ({ values: ['b'] }));
    expect(questions.map(({ kind }) => kind)).toEqual(['names']);
  });

  it('asks each source, as far back as the rule says', () => {
    const registry = registryOf(`
rules:
- {seriesQuery: a, resources: {template: <<.Resource>>}, metricsQuery: q}
- {seriesQuery: a, resources: {template: <<.Resource>>}, metricsQuery: q, plimsoll: {source: other}}
- {seriesQuery: a, resources: {template: <<.Resource>>}, metricsQuery: q, plimsoll: {source: other, maxAge: 1h}}
plimsoll: {sources: {other: {url: http://other}}}
`);
    const { questions } = listed(registry, () => ({ values: [] }));
    expect(questions.map(({ source, startMs }) => [source, NOW - startMs])).toEqual([
      ['', 600_000],
      ['other', 600_000],
      ['other', 3_600_000],
    ]);
  });

  it('keeps what was known of a selector that is refused, and lists the others', () => {
    const series = [
      { __name__: 'a', po: 'p' },
      { __name__: 'b', namespace: 'n' },
    ];
    const before = listed(registryOf(RULES), (question) => reply(question, series)).registry;
    const { registry } = listed(before, (question) =>
      question.match[0] === 'a' ? { error: 'bad gateway' } : reply(question, series.slice(1)),
    );
    expect(names(registry)).toContain('pods/a rules[1] a');
    expect(names(registry)).not.toContain('pods/same rules[2] a');
    const [, refused] = registry.rules;
    expect(refused && registry.discovery(refused)?.error).toBe('bad gateway');
  });

  it('changes nothing where it finds the same', () => {
    const answer = (question: ListingQuestion): ListingReply =>
      reply(question, [
        { __name__: 'a', po: 'p', namespace: 'n' },
        { __name__: 'b', namespace: 'n' },
      ]);
    const { registry } = listed(registryOf(RULES), answer);
    expect(listed(registry, answer).registry).toBe(registry);
    const failing = listed(registry, () => ({ error: 'down' })).registry;
    expect(failing).not.toBe(registry);
    expect(names(failing)).toEqual(names(registry));
    expect(listed(failing, () => ({ error: 'down' })).registry).toBe(failing);
    expect(listed(failing, answer).registry).not.toBe(failing);
    const other = listed(registry, (question) =>
      reply(question, [{ __name__: 'a', namespace: 'n' }]),
    ).registry;
    expect(names(other)).not.toEqual(names(registry));
  });

  it('reports a selector that is none', () => {
    const registry = registryOf(
      `rules: [{seriesQuery: 'a{', resources: {template: <<.Resource>>}, metricsQuery: q}]`,
    );
    const { registry: after, questions } = listed(registry, () => ({ values: [] }));
    expect(questions).toEqual([]);
    const [rule] = after.rules;
    expect(rule && after.discovery(rule)?.error).toContain('parse error');
  });

  it('keeps no more names than its limit, and says so', () => {
    const registry = registryOf(`externalRules: [{seriesQuery: '{x!=""}', metricsQuery: q}]`);
    const { registry: after } = listed(registry, () => ({ values: ['a', 'b', 'c'] }), 2);
    expect(names(after)).toEqual(
      ['/external/a', '/external/b'].map((name) => `${name.slice(1)} externalRules[0] ${name.slice(-1)}`),
    );
    const [rule] = after.rules;
    expect(rule && after.discovery(rule)?.problem).toBe(
      'only 2 names of series are kept: narrow seriesQuery',
    );
  });
});
