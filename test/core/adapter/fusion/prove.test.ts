import { type FusionRequest, proveFusion } from '../../../../core/adapter/fusion';
import { rendered } from './rule-requests';

const POD: FusionRequest = {
  objectLabel: 'pod',
  namespaceLabel: 'namespace',
  namespace: 'shop',
  names: ['web'],
};
const PODS: FusionRequest = { ...POD, names: ['web', 'db.v1'] };
const NODE: FusionRequest = { objectLabel: 'node', names: ['n1'] };
const NAMESPACE: FusionRequest = {
  objectLabel: 'namespace',
  namespaceLabel: 'namespace',
  names: ['shop'],
};

function fusionOf(template: string, request: FusionRequest = POD, literal = false) {
  return proveFusion(rendered(template, { ...request, literal, partLabels: [] }), request);
}

/** The fused query for all objects, or why there is none. */
function fused(template: string, request?: FusionRequest, literal?: boolean): string {
  const fusion = fusionOf(template, request, literal);
  return fusion.fusable ? fusion.query({}) : `not fusable: ${fusion.reason}`;
}

/** For the sake of short lines: `x` with the conditions of a request, and `x` with those left open. */
const X = 'x{<<.LabelMatchers>>}';
const OPEN = 'x{namespace!="",pod!=""}';

describe('a query that keeps objects apart', () => {
  it.each([
    [`sum(${X}) by (pod)`, `sum by (pod, namespace) (${OPEN})`],
    [`((sum(${X}) by (pod)))`, `sum by (pod, namespace) (${OPEN})`],
    [`sum(rate(${X}[5m])) by (pod)`, 'sum by (pod, namespace) (rate(x{namespace!="",pod!=""}[5m]))'],
    [`sum by (namespace, pod) (${X})`, `sum by (namespace, pod) (${OPEN})`],
    [`-sum by (pod) (${X}) * 100 > 0`, `-sum by (pod, namespace) (${OPEN}) * 100 > 0`],
    [`clamp(sum by (pod) (${X}), 0, time() - 5)`, `clamp(sum by (pod, namespace) (${OPEN}), 0, time() - 5)`],
    [
      `sum by (pod) (max_over_time(rate(${X}[1m] offset 5m)[10m:1m] @ 100))`,
      'sum by (pod, namespace) (max_over_time(rate(x{namespace!="",pod!=""}[1m] offset 5m)[10m:1m] @ 100.000))',
    ],
    [
      `sum by (pod) (${X} * on (pod) group_left (node, namespace) y{<<.LabelMatchers>>,phase="Running"})`,
      `sum by (pod, namespace) (${OPEN} * on (pod, namespace) group_left (node) y{namespace!="",pod!="",phase="Running"})`,
    ],
    [
      `sum by (pod) (${X}) / ignoring (namespace) sum by (pod, namespace) (${X})`,
      `sum by (pod, namespace) (${OPEN}) / sum by (pod, namespace) (${OPEN})`,
    ],
    [
      `sum by (pod) (${X}) and on (pod) ${X}`,
      `sum by (pod, namespace) (${OPEN}) and on (pod, namespace) ${OPEN}`,
    ],
    [
      `sum by (pod) (sum without (namespace, le) (${X}))`,
      `sum by (pod, namespace) (sum without (le) (${OPEN}))`,
    ],
    [
      `max by (pod) (topk by (pod) (2, ${X}))`,
      `max by (pod, namespace) (topk by (pod, namespace) (2, ${OPEN}))`,
    ],
    [
      `max by (pod) (count_values by (pod) ("n", ${X}))`,
      `max by (pod, namespace) (count_values by (pod, namespace) ("n", ${OPEN}))`,
    ],
    [`quantile by (pod) (0.9, ${X})`, `quantile by (pod, namespace) (0.9, ${OPEN})`],
    [
      `histogram_quantile(0.9, sum by (pod, le) (rate(${X}[5m])))`,
      'histogram_quantile(0.9, sum by (pod, le, namespace) (rate(x{namespace!="",pod!=""}[5m])))',
    ],
    [
      `sum by (pod) (label_replace(${X}, "zone", "$1", "namespace", "(.).*"))`,
      `sum by (pod, namespace) (label_replace(${OPEN}, "zone", "$1", "namespace", "(.).*"))`,
    ],
    [
      `sum by (pod) (${X}) or on (pod) sum by (pod) (y{<<.LabelMatchers>>})`,
      `sum by (pod, namespace) (${OPEN}) or on (pod, namespace) sum by (pod, namespace) (y{namespace!="",pod!=""})`,
    ],
  ])('%s', (template, expected) => {
    expect(fused(template)).toBe(expected);
    expect(fused(template, PODS)).toBe(expected);
    expect(fused(template, PODS, true)).toBe(expected);
  });

  it('may have its conditions from the map of values', () => {
    const template = 'sum by (pod) (x{pod=~<<names>>,namespace=<<namespace>>})';
    expect(fused(template)).toBe('sum by (pod, namespace) (x{pod!="",namespace!=""})');
    expect(fused(template, PODS)).toBe('sum by (pod, namespace) (x{pod!="",namespace!=""})');
    expect(fused('sum by (pod) (x{pod=~<<names>>,namespace=~<<namespace>>})', PODS)).toBe(
      'sum by (pod, namespace) (x{pod!="",namespace!=""})',
    );
  });

  it('has no grouping added where requests have no namespace', () => {
    expect(fused(`sum by (node) (${X})`, NODE)).toBe('sum by (node) (x{node!=""})');
    expect(fused(`sum by (namespace) (${X})`, NAMESPACE)).toBe('sum by (namespace) (x{namespace!=""})');
    expect(fused(`sum by (node) (${X} / ignoring (a) y{<<.LabelMatchers>>})`, NODE)).toBe(
      'sum by (node) (x{node!=""} / ignoring (a) y{node!=""})',
    );
  });

  it('may tell results of an object apart by labels that the caller reads', () => {
    const request = { ...PODS, partLabels: ['container'] };
    expect(fused(`sum by (pod, container) (${X})`, request)).toBe(
      `sum by (pod, container, namespace) (${OPEN})`,
    );
  });

  it('keeps a condition that its rule has besides', () => {
    const template = 'sum by (pod) (x{namespace="shop",<<.LabelMatchers>>})';
    expect(fused(template)).toBe('sum by (pod, namespace) (x{namespace!="",namespace="shop",pod!=""})');
    expect(fused(`sum by (pod) (x{<<.LabelMatchers>>,pod!="y",verb="GET"})`)).toBe(
      'sum by (pod, namespace) (x{namespace!="",pod!="",pod!="y",verb="GET"})',
    );
  });
});

describe('a query that is not shown to keep objects apart', () => {
  it.each<readonly [template: string, reason: string]>([
    [`sum(${X})`, 'sum merges objects: it does not keep the label pod'],
    [`sum by (namespace) (${X})`, 'sum by (namespace) merges objects: it does not keep the label pod'],
    [`sum without (le, pod) (${X})`, 'sum without (le, pod) merges objects: it does not keep the label pod'],
    [`sum by (pod) (max by (le) (${X}))`, 'max by (le) merges objects: it does not keep the label pod'],
    [`max by (pod) (topk(3, ${X}))`, 'topk merges objects: it does not keep the label pod'],
    [
      `sum by (pod) (limitk by (pod) (1, ${X}))`,
      'limitk picks series by their place among all that are asked for',
    ],
    [
      `sum by (pod) (limit_ratio by (pod) (0.5, ${X}))`,
      'limit_ratio picks series by a hash of all their labels',
    ],
    [
      `max by (pod) (topk by (pod) (scalar(${X}), ${X}))`,
      'scalar() makes one number of all series, whichever object they are of',
    ],
    [`max by (pod) (count_values by (pod) ("pod", ${X}))`, 'count_values writes values into the label pod'],
    [
      `max by (pod) (count_values by (pod) ("namespace", ${X}))`,
      'count_values writes values into the label namespace',
    ],
    [
      `sum by (pod) (${X}) * scalar(${X})`,
      'scalar() makes one number of all series, whichever object they are of',
    ],
    [
      `clamp_max(sum by (pod) (${X}), scalar(${X}))`,
      'scalar() makes one number of all series, whichever object they are of',
    ],
    [
      `scalar(${X}) * sum by (pod) (${X})`,
      'scalar() makes one number of all series, whichever object they are of',
    ],
    [`sum by (pod) (${X}) or vector(0)`, 'vector() gives a result that has no object'],
    [`vector(1)`, 'vector() gives a result that has no object'],
    [`hour()`, 'the result of hour() without series has no object'],
    [`absent(${X})`, 'absent() tells of series that are not there, whose object nobody knows'],
    [
      `absent_over_time(${X}[5m])`,
      'absent_over_time() tells of series that are not there, whose object nobody knows',
    ],
    [`sum by (pod) (info(${X}))`, 'info() reads series that have no condition on the object'],
    [`sum by (pod) (label_replace(${X}, "pod", "$1", "a", "(.*)"))`, 'label_replace() changes the label pod'],
    [`sum by (pod) (label_join(${X}, "namespace", "-", "a"))`, 'label_join() changes the label namespace'],
    [
      `sum by (pod) (label_replace(sum by (pod) (${X}), "a", "$1", "namespace", "(.*)"))`,
      'label_replace() reads the label namespace, which its operand has lost',
    ],
    [
      `sum by (pod) (label_join(sum by (pod) (${X}), "a", "-", "b", "namespace"))`,
      'label_join() reads the label namespace, which its operand has lost',
    ],
    [`sum by (pod) (histogram_quantiles(${X}, "pod", 0.5))`, 'histogram_quantiles() changes the label pod'],
    [`sum by (pod) (${X} / on (le) ${X})`, '/ on (le) pairs objects: it does not compare the label pod'],
    [
      `sum by (pod) (${X} / ignoring (pod) ${X})`,
      '/ ignoring (pod) pairs objects: it does not compare the label pod',
    ],
    [`sum by (pod) (${X} and on () ${X})`, 'and on () pairs objects: it does not compare the label pod'],
    [`sum by (pod) (${X} + on (pod) fill (0) ${X})`, 'fill makes up elements for objects that have none'],
    [
      `sum by (pod) (${X}) / sum by (pod, namespace) (${X})`,
      'only one side of / has the label namespace, which is compared',
    ],
    [
      `sum by (pod, namespace) (${X}) unless on (pod, namespace) sum by (pod) (${X})`,
      'only one side of unless has the label namespace, which is compared',
    ],
    [
      `sum by (pod) (${X}) or on (pod) sum by (pod, namespace) (${X})`,
      'only one side of or has the label namespace, so that only some results have it',
    ],
    [X, 'an object may have several results: nothing aggregates them by pod'],
    [`rate(${X}[5m])`, 'an object may have several results: nothing aggregates them by pod'],
    [`count_values by (pod) ("n", ${X})`, 'an object may have several results, which differ in n'],
    [
      `sum by (pod) (${X}) or on (pod) sum by (pod, le) (${X})`,
      'an object may have several results, which differ in le',
    ],
    [
      `sum by (pod) (${X}) * on (pod) group_left (le) sum by (pod, le) (${X})`,
      'an object may have several results, which differ in le',
    ],
    [
      `sum by (pod, le) (${X}) * on (pod) group_right (a) sum by (pod) (${X})`,
      'an object may have several results, which differ in a',
    ],
    [`sum by (pod, le) (${X})`, 'an object may have several results, which differ in le'],
    [`sum without (le) (${X})`, 'an object may have several results: nothing aggregates them by pod'],
    [`topk by (pod) (1, ${X})`, 'an object may have several results: nothing aggregates them by pod'],
    [
      `label_replace(sum by (pod) (${X}), "a", "b", "", "")`,
      'an object may have several results, which differ in a',
    ],
    ['1 + time()', 'its result is a scalar, which has no object'],
    ['1', 'its result is a scalar, which has no object'],
    [`${X}[5m]`, 'its result is a range vector, which has no object'],
    ['"x"', 'its result is a string, which has no object'],
    ['sum by (pod) (x)', "the selector x lacks the request's condition on pod"],
    ['sum by (pod) (x{pod="web"})', 'the selector x{pod="web"} lacks the request\'s condition on namespace'],
    [
      'sum by (pod) (x{namespace="shop"})',
      'the selector x{namespace="shop"} lacks the request\'s condition on pod',
    ],
    [
      'sum by (pod) (x{namespace="shop",pod!="web"})',
      'the selector x{namespace="shop",pod!="web"} lacks the request\'s condition on pod',
    ],
    [
      'sum by (pod) (x{namespace!~"shop",pod="web"})',
      'the selector x{namespace!~"shop",pod="web"} lacks the request\'s condition on namespace',
    ],
    [
      `sum by (pod) (${X} / on (pod) group_left () y{pod="web"})`,
      'the selector y{pod="web"} lacks the request\'s condition on namespace',
    ],
  ])('%s', (template, reason) => {
    expect(fused(template)).toBe(`not fusable: ${reason}`);
  });

  it('is one that is not PromQL', () => {
    expect(fused('sum by (pod) (')).toContain('not fusable: it is not PromQL that is understood here: ');
    expect(fused(`nothing(${X})`)).toContain('unknown function with name "nothing"');
  });

  it('is one whose pattern does not match a name', () => {
    const request = { ...POD, names: ['job(1)', 'web'] };
    expect(fused(`sum by (pod) (${X})`, request)).toContain("lacks the request's condition on pod");
    expect(fused(`sum by (pod) (${X})`, request, true)).toBe(`sum by (pod, namespace) (${OPEN})`);
  });

  it('is one whose pattern matches other namespaces', () => {
    const request = { ...POD, namespace: 's.op' };
    expect(fused('sum by (pod) (x{pod="web",namespace=~<<namespace>>})', request)).toContain(
      "lacks the request's condition on namespace",
    );
    expect(fused('sum by (pod) (x{pod="web",namespace=<<namespace>>})', request)).toBe(
      'sum by (pod, namespace) (x{pod!="",namespace!=""})',
    );
  });

  it.each<readonly [Partial<FusionRequest>, string]>([
    [{ names: [] }, 'the request names no objects'],
    [{ names: ['a', ''] }, 'the request names no objects'],
    [{ namespace: '' }, 'no label names the namespace'],
    [{ namespaceLabel: undefined }, 'no label names the namespace'],
    [{ objectLabel: '' }, 'no label names the object'],
    [{ objectLabel: 'namespace' }, 'namespace names both the object and its namespace'],
    [{ objectLabel: '__name__' }, 'the label __name__ belongs to the metric, which functions take away'],
  ])('is that of a request with %j', (part, reason) => {
    const request = { ...POD, ...part };
    expect(proveFusion('sum by (pod) (x{namespace="shop",pod="web"})', request)).toEqual({
      fusable: false,
      reason,
    });
  });

  it('is a histogram whose bounds are the objects', () => {
    const request = { ...NODE, objectLabel: 'le' };
    expect(fused(`sum by (le) (histogram_quantile(0.5, ${X}))`, request)).toBe(
      'not fusable: histogram_quantile() takes the label le away',
    );
  });
});

describe('the key of a fused query', () => {
  const keyOf = (template: string, request: FusionRequest): string => {
    const fusion = fusionOf(template, request);
    return fusion.fusable ? fusion.key : fusion.reason;
  };

  it('is that of all requests of a rule', () => {
    const template = `sum by (pod) (${X})`;
    const key = keyOf(template, POD);
    for (const other of [PODS, { ...POD, namespace: 'blog' }, { ...PODS, namespace: 'kube-system' }]) {
      expect(keyOf(template, other)).toBe(key);
    }
  });

  it('is the same whether the query itself keeps the namespace', () => {
    expect(keyOf(`sum by (pod) (${X})`, POD)).toBe(keyOf(`sum by (pod, namespace) (${X})`, POD));
  });

  it('differs for other conditions, other labels of objects and requests without namespace', () => {
    const keys = [
      keyOf(`sum by (pod) (${X})`, POD),
      keyOf('sum by (pod) (x{<<.LabelMatchers>>,verb="GET"})', POD),
      keyOf(`sum by (service) (${X})`, { ...POD, objectLabel: 'service' }),
      keyOf(`sum by (node) (${X})`, NODE),
      keyOf(`sum by (namespace) (${X})`, NAMESPACE),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('keeps a coincidence of names apart from the rule', () => {
    const template = 'sum by (pod) (x{<<.LabelMatchers>>} / y{namespace="shop",pod=~<<names>>})';
    expect(keyOf(template, POD)).toContain('y{namespace!=');
    expect(keyOf(template, { ...POD, namespace: 'blog' })).toContain(
      "lacks the request's condition on namespace",
    );
  });
});
