import {
  answerNodeUsage,
  answerPodUsage,
  encodeNodeUsage,
  encodePodUsage,
  nodeUsageTable,
  planNodeUsage,
  planPodUsage,
  podUsageTable,
  tableRequest,
} from '../../../../core/adapter/api';
import { jsonAt } from './json-at';
import { AT, context, items, of, pod, rules, vector } from './resource-metrics-fixture';

describe('single objects and tables', () => {
  const [one] = items(
    answerPodUsage(
      planPodUsage(rules, [pod('n', 'p', { b: '2', a: '1' })]),
      [
        vector([of('p', 'x'), 0.25], [of('p', 'y'), 0.5]),
        vector([of('p', 'x'), 1024], [of('p', 'y'), 1024]),
        vector(),
      ],
      AT,
    ),
  );
  const [node] = items(
    answerNodeUsage(
      planNodeUsage(rules, [pod('', 'n1')]),
      [vector([{ node: 'n1' }, 2]), vector([{ node: 'n1' }, 2048]), vector()],
      AT,
    ),
  );
  if (!one || !node) throw new Error('both are answered');

  test('have their kind', () => {
    expect(encodePodUsage(one, context)).toBe(
      '{"kind":"PodMetrics","apiVersion":"metrics.k8s.io/v1beta1","metadata":{"name":"p","namespace":"n",' +
        '"creationTimestamp":"2026-01-02T03:04:05Z","labels":{"a":"1","b":"2"}},"timestamp":"2026-01-02T03:04:05Z",' +
        '"window":"5m0s","containers":[{"name":"x","usage":{"cpu":"250m","memory":"1Ki"}},' +
        '{"name":"y","usage":{"cpu":"500m","memory":"1Ki"}}]}',
    );
    expect(JSON.parse(encodeNodeUsage(node, context))).toMatchObject({ kind: 'NodeMetrics' });
  });

  test('a table adds the containers up', () => {
    const table = podUsageTable([one], context, { version: 'v1', includeObject: 'None' });
    expect(JSON.parse(table)).toEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: {},
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', description: 'Name of the resource', priority: 0 },
        { name: 'cpu', type: 'string', format: 'quantity', description: '', priority: 0 },
        { name: 'memory', type: 'string', format: 'quantity', description: '', priority: 0 },
        { name: 'Window', type: 'string', format: 'duration', description: '', priority: 0 },
      ],
      rows: [{ cells: ['p', '750m', '2Ki', '5m0s'], object: null }],
    });
  });

  test('rows carry the metadata, or all of the object', () => {
    const metadata = nodeUsageTable([node], context, { version: 'v1beta1', includeObject: '' });
    expect(jsonAt(metadata, 'rows')).toEqual([
      {
        cells: ['n1', '2', '2Ki', '5m0s'],
        object: {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1beta1',
          metadata: { name: 'n1', creationTimestamp: '2026-01-02T03:04:05Z' },
        },
      },
    ]);
    const whole = podUsageTable([one], context, { version: 'v1', includeObject: 'Object' });
    expect(jsonAt(whole, 'rows', 0, 'object')).toEqual(JSON.parse(encodePodUsage(one, context)));
  });

  test('an empty table has no columns', () => {
    expect(JSON.parse(nodeUsageTable([], context, { version: 'v1', includeObject: '' }))).toMatchObject({
      columnDefinitions: null,
      rows: null,
    });
  });

  test('what a row includes must be known', () => {
    expect(tableRequest('v1', 'Object')).toEqual({ version: 'v1', includeObject: 'Object' });
    expect(tableRequest('v1')).toEqual({ version: 'v1', includeObject: '' });
    expect(tableRequest('v1', 'All')).toMatchObject({
      code: 400,
      message:
        'Unable to convert to Table as requested: includeObject: Invalid value: "All": ' +
        "must be 'Metadata', 'Object', 'None', or empty",
    });
  });

  test.each([
    [0, '0s'],
    [250, '250ms'],
    [1500, '1.5s'],
    [30_000, '30s'],
    [60_000, '1m0s'],
    [3_600_000, '1h0m0s'],
    [5_400_000 + 1, '1h30m0.001s'],
    [172_800_000, '48h0m0s'],
  ])('a window of %d ms is %s', (windowMs, text) => {
    expect(jsonAt(encodePodUsage(one, { windowMs, atMs: AT }), 'window')).toBe(text);
  });
});
