import {
  answerNodeUsage,
  answerPodUsage,
  encodeNodeUsages,
  encodePodUsages,
  planNodeUsage,
  planPodUsage,
} from '../../../../core/adapter/api';
import { type QueryOutcome } from '../../../../core/adapter';
import { jsonAt } from './json-at';
import { AT, context, items, of, pod, rules, rulesWith, vector } from './resource-metrics-fixture';

describe('plans', () => {
  test('CPU, memory and the time of the newest samples, for each namespace', () => {
    const { queries } = planPodUsage(rules, [
      pod('some-ns', 'pod1'),
      pod('other-ns', 'pod27'),
      pod('some-ns', 'pod3'),
    ]);
    expect(queries).toEqual([
      'sum(rate(cpu{namespace="some-ns",pod=~"pod1|pod3"}[5m])) by (pod,container)',
      'sum(mem{namespace="some-ns",pod=~"pod1|pod3"}) by (pod,container)',
      'max by (pod, container) (timestamp({__name__="cpu",namespace="some-ns",pod=~"pod1|pod3"}))',
      'sum(rate(cpu{namespace="other-ns",pod="pod27"}[5m])) by (pod,container)',
      'sum(mem{namespace="other-ns",pod="pod27"}) by (pod,container)',
      'max by (pod, container) (timestamp({__name__="cpu",namespace="other-ns",pod="pod27"}))',
    ]);
  });

  test('of nodes', () => {
    expect(planNodeUsage(rules, [pod('', 'a'), pod('', 'b')]).queries).toEqual([
      'sum(rate(node_cpu{node=~"a|b"}[5m])) by (node)',
      'sum(node_mem{node=~"a|b"}) by (node)',
      'max by (node) (timestamp({__name__="node_cpu",node=~"a|b"}))',
    ]);
  });

  test('nothing selected is nothing to ask', () => {
    expect(planPodUsage(rules, []).queries).toEqual([]);
    expect(planNodeUsage(rules, []).queries).toEqual([]);
    expect(answerPodUsage(planPodUsage(rules, []), [], AT)).toEqual({
      kind: 'usage',
      items: [],
      problems: [],
    });
  });

  test.each([
    [
      'sum(cpu{<<.LabelMatchers>>} offset 1m) by (<<.GroupBy>>)',
      'timestamp({__name__="cpu",namespace="n",pod="p"} offset 1m)',
    ],
    [
      'sum(cpu{<<.LabelMatchers>>} + cpu{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
      'timestamp({__name__="cpu",namespace="n",pod="p"})',
    ],
  ])('%s has the time of %s', (query, time) => {
    expect(planPodUsage(rulesWith(query), [pod('n', 'p')]).queries[2]).toBe(
      `max by (pod, container) (${time})`,
    );
  });

  test.each([
    'sum(cpu{<<.LabelMatchers>>} * on (pod) group_left () up{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    'sum(cpu{<<.LabelMatchers>>} @ end()) by (<<.GroupBy>>)',
    'vector(1)',
    'sum(cpu{<<.LabelMatchers>>',
  ])('the time of the samples of %s cannot be told', (query) => {
    expect(planPodUsage(rulesWith(query), [pod('n', 'p')]).queries).toHaveLength(2);
  });
});

describe('pods', () => {
  const pods = [pod('some-ns', 'pod1', { app: 'x' }), pod('some-ns', 'pod3'), pod('other-ns', 'pod27')];
  const plan = planPodUsage(rules, pods);

  test('across namespaces: by namespace and name, with the earliest time of their containers', () => {
    const answer = answerPodUsage(
      plan,
      [
        vector(
          [of('pod3', 'b'), 1310],
          [of('pod3', 'a'), 1300],
          [of('pod1', 'a'), 1100],
          [of('pod1', 'b'), 1110],
        ),
        vector(
          [of('pod1', 'a'), 3100],
          [of('pod1', 'b'), 3110],
          [of('pod3', 'a'), 3300],
          [of('pod3', 'b'), 3310],
        ),
        vector(
          [of('pod1', 'a'), 20],
          [of('pod1', 'b'), 10.5],
          [of('pod3', 'a'), 30],
          [of('pod3', 'gone'), 1],
        ),
        vector([of('pod27', 'a'), 2200]),
        vector([of('pod27', 'a'), 4200]),
        { error: 'timeout' },
      ],
      AT,
    );
    expect(items(answer).map(({ name, timestampMs }) => [name, timestampMs])).toEqual([
      ['pod27', AT],
      ['pod1', 10_500],
      ['pod3', 30_000],
    ]);
    expect(JSON.parse(encodePodUsages(items(answer), context))).toMatchObject({
      items: [
        { containers: [{ name: 'a', usage: { cpu: '2200', memory: '4200' } }] },
        {
          containers: [
            { name: 'a', usage: { cpu: '1100', memory: '3100' } },
            { name: 'b', usage: { cpu: '1110', memory: '3110' } },
          ],
        },
        { containers: [{ name: 'a' }, { name: 'b' }] },
      ],
    });
  });

  test('without any CPU or any memory are left out, containers without one have none of it', () => {
    const one = planPodUsage(rules, [
      pod('n', 'full'),
      pod('n', 'part'),
      pod('n', 'no-cpu'),
      pod('n', 'no-memory'),
    ]);
    const answer = answerPodUsage(
      one,
      [
        vector([of('full', 'a'), 1], [of('part', 'a'), 1], [of('no-memory', 'a'), 1]),
        vector([of('full', 'a'), 1024], [of('part', 'b'), 2048], [of('no-cpu', 'a'), 1]),
        vector(),
      ],
      AT,
    );
    expect(JSON.parse(encodePodUsages(items(answer), context))).toMatchObject({
      items: [
        { metadata: { name: 'full' }, containers: [{ name: 'a', usage: { cpu: '1', memory: '1Ki' } }] },
        {
          metadata: { name: 'part' },
          containers: [
            { name: 'a', usage: { cpu: '1', memory: '0' } },
            { name: 'b', usage: { cpu: '0', memory: '2Ki' } },
          ],
        },
      ],
    });
  });

  test('NaN and less than nothing are nothing, infinity overflows, as upstream', () => {
    const one = planPodUsage(rules, [pod('n', 'a'), pod('n', 'b')]);
    const answer = answerPodUsage(
      one,
      [
        vector([of('a', 'x'), -1100], [of('a', 'y'), Number.NaN], [of('b', 'x'), Number.POSITIVE_INFINITY]),
        vector([of('a', 'x'), Number.NaN], [of('a', 'y'), -Infinity], [of('b', 'x'), 5]),
        vector(),
      ],
      AT,
    );
    expect(jsonAt(encodePodUsages(items(answer), context), 'items')).toMatchObject([
      {
        containers: [
          { name: 'x', usage: { cpu: '0', memory: '0' } },
          { name: 'y', usage: { cpu: '0', memory: '0' } },
        ],
      },
      { containers: [{ name: 'x', usage: { cpu: '-9223372036854775808m', memory: '5' } }] },
    ]);
  });

  test('a namespace that fails leaves the others alone, and is told of', () => {
    const answer = answerPodUsage(
      plan,
      [
        { error: 'connection refused' },
        vector(),
        vector(),
        vector([of('pod27', 'a'), 1]),
        vector([of('pod27', 'a'), 1]),
        vector(),
      ],
      AT,
    );
    expect(answer).toMatchObject({
      kind: 'usage',
      items: [{ name: 'pod27' }],
      problems: ['pods in namespace some-ns: unable to fetch cpu metrics: connection refused'],
    });
  });

  test('if every namespace fails, that is said', () => {
    const down = { error: 'connection refused', unavailable: true };
    expect(answerPodUsage(plan, Array(6).fill({ ...down, retryAfterMs: 7000 }), AT)).toMatchObject({
      ...{ code: 503, reason: 'ServiceUnavailable', retryAfterMs: 7000 },
      message: 'unable to fetch resource metrics: Prometheus is unavailable',
    });
  });

  test('results that are no vector, and queries that cannot be built', () => {
    const broken = rulesWith('<<.Nothing>>');
    const plan = planPodUsage(broken, [pod('n', 'p')]);
    expect(plan.queries).toEqual([]);
    expect(answerPodUsage(plan, [], AT)).toMatchObject({
      code: 500,
      message: expect.stringMatching(
        /resource metrics: pods in namespace n: unable to construct query: ./,
      ) as string,
    });
    const scalar = answerNodeUsage(planNodeUsage(rules, [pod('', 'a')]), [{ type: 'matrix' }, vector()], AT);
    expect(scalar).toMatchObject({
      code: 500,
      message: expect.stringContaining(
        'nodes: the cpu query gives a matrix, where a vector is wanted',
      ) as string,
    });
  });

  test('a query that is refused will be refused again: the answer names it, and not what Prometheus said', () => {
    const refused = { error: 'parse error: secret' };
    expect(answerPodUsage(plan, Array(6).fill(refused), AT)).toMatchObject({
      ...{ code: 500, reason: 'InternalError' },
      message:
        'Internal error occurred: unable to fetch resource metrics: pods in namespace some-ns: Prometheus refuses the cpu query',
      cause: expect.stringContaining('parse error: secret') as string,
    });
    const some = answerPodUsage(plan, [refused, vector(), vector(), vector(), vector(), vector()], AT);
    expect(some).toMatchObject({ kind: 'usage', failed: 'query' });
  });

  test('it may pass if the source is away for one of them', () => {
    const away = { error: 'connection refused', unavailable: true };
    const refused = { error: 'parse error' };
    const outcomes = [refused, refused, refused, away, away, away];
    expect(answerPodUsage(plan, outcomes, AT)).toMatchObject({ code: 503 });
  });
});

test('nodes: the first sample of each, those without CPU or memory left out', () => {
  const plan = planNodeUsage(rules, [pod('', 'b', { zone: 'x' }), pod('', 'a'), pod('', 'c')]);
  const answer = answerNodeUsage(
    plan,
    [
      vector([{ node: 'b' }, 1.2], [{ node: 'b' }, 7], [{ node: 'a' }, Number.NaN], [{ node: 'c' }, 1]),
      vector([{ node: 'a' }, 2 ** 30], [{ node: 'b' }, 2100.5]),
      vector([{ node: 'a' }, AT / 1000 - 20]),
    ],
    AT,
  );
  expect(encodeNodeUsages(items(answer), context)).toBe(
    '{"kind":"NodeMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[' +
      '{"metadata":{"name":"a","creationTimestamp":"2026-01-02T03:04:05Z"},"timestamp":"2026-01-02T03:03:45Z",' +
      '"window":"5m0s","usage":{"cpu":"0","memory":"1Gi"}},' +
      '{"metadata":{"name":"b","creationTimestamp":"2026-01-02T03:04:05Z","labels":{"zone":"x"}},' +
      '"timestamp":"2026-01-02T03:04:05Z","window":"5m0s","usage":{"cpu":"1200m","memory":"2100500m"}}]}',
  );
});

describe('policies', () => {
  const two = [of('a', 'x'), of('b', 'x')] as const;

  function answered(policies: string, cpu: QueryOutcome, memory = vector([two[0], 1], [two[1], 1])) {
    const own = rulesWith('cpu{<<.LabelMatchers>>}', undefined, policies);
    const plan = planPodUsage(own, [pod('n', 'a'), pod('n', 'b')]);
    return answerPodUsage(plan, [cpu, memory, vector()], AT);
  }

  function cpus(answer: ReturnType<typeof answered>): unknown {
    return items(answer).map(({ name, containers }) => [
      name,
      ...containers.map(({ cpu }) => cpu.toString()),
    ]);
  }

  test.each([
    ['nan: zero', Number.NaN, '0'],
    ['infinity: clamp', Infinity, '9223372036854775807m'],
  ])('%s makes a number of %d', (policies, value, text) => {
    expect(cpus(answered(policies, vector([two[0], value], [two[1], 1])))).toEqual([
      ['a', text],
      ['b', '1'],
    ]);
  });

  test.each([
    ['nan: skip', Number.NaN, 'NaN'],
    ['infinity: skip', Infinity, '+Inf'],
  ])('%s leaves out a pod with %d in one of its containers, and says so', (policies, value, spelled) => {
    const answer = answered(policies, vector([two[0], value], [of('a', 'y'), 1], [two[1], 1]));
    expect(cpus(answer)).toEqual([['b', '1']]);
    expect(answer).toMatchObject({
      problems: [
        `pods in namespace n: a has cpu of container x of ${spelled}, which is not a quantity, and is left out, as is any other like it`,
      ],
    });
  });

  test.each([
    ['nan: error', Number.NaN],
    ['infinity: error', Infinity],
  ])('%s fails for %d', (policies, value) => {
    expect(answered(policies, vector([two[0], value], [two[1], 1]))).toMatchObject({
      code: 500,
      message: expect.stringContaining('pods in namespace n: a has cpu of container x of ') as string,
    });
  });

  test.each([
    ['duplicates: upstream', ['3']],
    ['duplicates: sum', ['6']],
  ])('%s makes of several results of a container %j', (policies, value) => {
    const several = vector([two[0], 1], [two[0], 2], [two[0], 3], [two[1], 1]);
    expect(cpus(answered(policies, several))).toEqual([
      ['a', ...value],
      ['b', '1'],
    ]);
  });

  test('duplicates: error fails for several results of a container, not for those of another object', () => {
    const several = (name: string) => vector([of(name, 'x'), 1], [of(name, 'x'), 2], [two[1], 1]);
    expect(answered('duplicates: error', several('a'))).toMatchObject({
      code: 500,
      message: expect.stringContaining('a has several results of cpu of container x: aggregate by') as string,
    });
    expect(cpus(answered('duplicates: error', several('other')))).toEqual([['b', '1']]);
  });
});
