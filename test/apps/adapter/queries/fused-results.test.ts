import type { QueryOutcome, QuerySample } from '../../../../core/adapter';
import { proveFusion } from '../../../../core/adapter/fusion';
import type { FusableRequest } from '../../../../apps/adapter/queries/fused-results';
import { settled, TestSource } from './source';

/** What autoscalers of `sum(rate(requests_total{…}[1m])) by (pod)` ask. */
function request(namespace: string, ...names: readonly string[]): FusableRequest {
  const pods = names.length === 1 ? `pod="${names[0]}"` : `pod=~"${names.join('|')}"`;
  const text = `sum(rate(requests_total{namespace="${namespace}",${pods}}[1m])) by (pod)`;
  const fused = proveFusion(text, {
    ...{ objectLabel: 'pod', namespaceLabel: 'namespace', namespace, names },
  });
  if (!fused.fusable) throw new Error(fused.reason);
  return { wanted: { source: '', text, rule: 'rules[0]', freshnessMs: 7500 }, fused, namespace, names };
}

/** A cluster in which each pod has the value of its number. */
function everyPod(...pods: readonly (readonly [namespace: string, pod: string, value: number])[]) {
  return (query: string): QueryOutcome => ({
    type: 'vector',
    samples: pods.map(([namespace, pod, value]): QuerySample => ({
      labels: query.includes('by (namespace') || query.includes('namespace)') ? { namespace, pod } : { pod },
      value,
    })),
  });
}

async function ask(source: TestSource, asked: FusableRequest) {
  const { outcome } = await source.queries.fusable(asked, async () => source.queries.single(asked.wanted));
  if ('error' in outcome) return outcome.error;
  if (outcome.type !== 'vector') throw new Error(outcome.type);
  return outcome.samples.map(({ labels, value }) => [labels['pod'], value]);
}

describe('requests that one query can answer', () => {
  const a = request('shop', 'web-1', 'web-2');
  const b = request('bank', 'web-1');
  const cluster = everyPod(['bank', 'web-1', 3], ['shop', 'web-1', 1], ['shop', 'web-2', 2]);

  it('asks for a single autoscaler what upstream would ask', async () => {
    const source = new TestSource();
    source.answer = everyPod(['shop', 'web-1', 1], ['shop', 'web-2', 2]);
    expect(await ask(source, a)).toEqual([
      ['web-1', 1],
      ['web-2', 2],
    ]);
    expect(source.asked).toEqual([a.wanted.text]);
    expect(source.counts['fused']).toBeUndefined();
  });

  it('asks once for several, and never mixes up pods of the same name', async () => {
    const source = new TestSource();
    source.answer = cluster;
    await ask(source, a);
    expect(await ask(source, b)).toEqual([['web-1', 3]]);
    expect(await ask(source, a)).toEqual([
      ['web-1', 1],
      ['web-2', 2],
    ]);
    expect(source.asked).toHaveLength(2);
    expect(source.counts).toMatchObject({ fused: 1 });
    expect(source.fusedRequests).toEqual(['rules[0]', 'rules[0]']);
  });

  it('asks again after the freshness window', async () => {
    const source = new TestSource();
    source.answer = cluster;
    for (const asked of [a, b, a, b]) await ask(source, asked);
    source.now += 7500;
    for (const asked of [a, b, a, b]) await ask(source, asked);
    expect(source.asked).toHaveLength(3);
  });

  it('asks again after the clock was set back, and forgets those who asked before and do no more', async () => {
    const source = new TestSource();
    source.answer = cluster;
    for (const asked of [a, b, a, b]) await ask(source, asked);
    expect(source.asked.at(-1)).toContain('bank');
    source.now -= 600_000;
    await ask(source, a);
    expect(source.asked).toHaveLength(3);
    source.now += 8000;
    source.queries.sweep();
    await ask(source, a);
    expect(source.asked.at(-1)).toBe(a.wanted.text);
  });

  it('lets those wait that come while the query is on the way', async () => {
    const source = new TestSource();
    source.answer = cluster;
    await ask(source, a);
    await ask(source, b);
    source.now += 8000;
    source.hold();
    const waiting = [ask(source, a), ask(source, b), ask(source, b)];
    await settled();
    source.release();
    expect(await Promise.all(waiting)).toEqual([
      [
        ['web-1', 1],
        ['web-2', 2],
      ],
      [['web-1', 3]],
      [['web-1', 3]],
    ]);
    expect(source.asked).toHaveLength(3);
  });

  it('asks at once for a pod that came after the last answer', async () => {
    const source = new TestSource();
    source.answer = cluster;
    for (const asked of [a, b]) await ask(source, asked);
    source.now += 1000;
    source.answer = everyPod(['shop', 'web-1', 1], ['shop', 'web-2', 2], ['shop', 'web-3', 4]);
    expect(await ask(source, request('shop', 'web-1', 'web-2', 'web-3'))).toContainEqual(['web-3', 4]);
    expect(source.asked).toHaveLength(3);
  });

  it('asks every two seconds for a new pod that has no sample yet', async () => {
    const source = new TestSource();
    source.answer = cluster;
    const grown = request('shop', 'web-1', 'web-2', 'web-3');
    for (const asked of [a, b, grown]) await ask(source, asked);
    const before = source.asked.length;
    source.now += 1999;
    await ask(source, grown);
    expect(source.asked).toHaveLength(before);
    source.now += 1;
    await ask(source, grown);
    expect(source.asked).toHaveLength(before + 1);
  });

  it('leaves a refused query alone for a minute, and asks for each on its own', async () => {
    const source = new TestSource();
    source.answer = (query) =>
      query.includes('bank') && query.includes('shop') ? { error: 'too many samples' } : cluster(query);
    await ask(source, a);
    expect(await ask(source, b)).toContainEqual(['web-1', 3]);
    expect(source.asked.at(-1)).toBe(b.wanted.text);
    source.now += 30_000;
    await ask(source, b);
    expect(source.asked.at(-1)).toBe(b.wanted.text);
    expect(source.counts['fused']).toBe(1);
  });

  it('asks for each on its own, ever longer, where the query for all is too slow or its answer too long', async () => {
    const source = new TestSource();
    const slow = { error: 'no answer within 30000 ms', unavailable: true, tooMuch: true } as const;
    source.answer = (query) => (query.includes('bank') && query.includes('shop') ? slow : cluster(query));
    await ask(source, a);
    expect(await ask(source, b)).toBe(slow.error);
    for (const [fused, restMs] of [60_000, 120_000, 240_000].entries()) {
      for (let waited = 30_000; waited < restMs; waited += 30_000) {
        source.now += 30_000;
        expect(await ask(source, a)).toContainEqual(['web-2', 2]);
        expect(await ask(source, b)).toContainEqual(['web-1', 3]);
        expect(source.counts['fused']).toBe(fused + 1);
      }
      source.now += 30_000;
      for (const asked of [a, b]) await ask(source, asked);
      expect(source.counts['fused']).toBe(fused + 2);
    }
  });

  it('asks for the namespaces where the query for everything is too much', async () => {
    const source = new TestSource();
    source.answer = (query) =>
      query.includes('namespace!=""')
        ? { error: 'its answer is longer than 1 bytes', unavailable: true, tooMuch: true }
        : { type: 'vector', samples: [] };
    const many = Array.from({ length: 70 }, (_, index) =>
      request(`n${index}`, ...[1, 2, 3, 4].map((pod) => `p${index}-${pod}`)),
    );
    const answers: unknown[] = [];
    for (const asked of [...many, ...many]) {
      answers.push(await ask(source, asked));
      source.now += 10;
    }
    expect(answers.filter((answer) => typeof answer === 'string')).toHaveLength(1);
    expect(source.asked.at(-1)).toContain('namespace=~"n0|n1|');
  });

  it('asks again for a new pod beside one that has two containers', async () => {
    const source = new TestSource();
    source.answer = everyPod(['shop', 'web-1', 1], ['shop', 'web-1', 2], ['bank', 'web-1', 3]);
    const grown = request('shop', 'web-1', 'web-2');
    for (const asked of [b, grown]) await ask(source, asked);
    const before = source.asked.length;
    source.now += 2000;
    await ask(source, grown);
    expect(source.asked).toHaveLength(before + 1);
  });

  it('tells that the source is down instead of asking again for each', async () => {
    const source = new TestSource();
    await ask(source, a);
    source.answer = () => ({ error: 'down', unavailable: true });
    expect(await ask(source, b)).toBe('down');
    expect(source.asked).toHaveLength(2);
  });

  it('names the objects of few, the namespaces of more, and asks for all when there are very many', async () => {
    const source = new TestSource();
    const pods = (namespace: string) =>
      request(namespace, ...Array.from({ length: 150 }, (_, index) => `${namespace}-${index}`));
    for (const namespace of ['n1', 'n2']) await ask(source, pods(namespace));
    expect(source.asked.at(-1)).toContain('namespace=~"n1|n2"');
    expect(source.asked.at(-1)).not.toContain('n1-0');
    for (let index = 3; index <= 70; index++) {
      source.now += 10;
      await ask(source, pods(`n${index}`));
    }
    expect(source.asked.at(-1)).toContain('namespace!=""');
    const before = source.asked.length;
    for (let index = 71; index < 200; index++) await ask(source, pods(`n${index}`));
    // Those that came just now are new, and may have samples: asked for once more, not for each of them.
    expect(source.asked.length - before).toBeLessThanOrEqual(129);
  });

  it('goes back to namespaces where everything is far more than is wanted', async () => {
    const source = new TestSource();
    source.answer = (query) =>
      query.includes('namespace!=""')
        ? everyPod(...Array.from({ length: 30_000 }, (_, index) => ['x', `p${index}`, index] as const))(query)
        : { type: 'vector', samples: [] };
    const many = Array.from({ length: 70 }, (_, index) =>
      request(`n${index}`, ...[1, 2, 3, 4].map((pod) => `p${index}-${pod}`)),
    );
    for (const asked of many) await ask(source, asked);
    source.now += 8000;
    for (const asked of many) await ask(source, asked);
    expect(source.asked.at(-1)).toContain('namespace=~"n0|n1|');
  });

  it('forgets those who ask no more', async () => {
    const source = new TestSource();
    source.answer = cluster;
    for (const asked of [a, b, a]) await ask(source, asked);
    source.now += 120_000;
    source.queries.sweep();
    await ask(source, a);
    expect(source.asked.at(-1)).toBe(a.wanted.text);
  });
});
