import { plan } from '../../../core/adapter';
import {
  answered,
  answeredWith,
  noQuantity,
  pods,
  queue,
  registry,
  registryWith,
  shown,
  vector,
} from './answering';

const SMALLEST = '-9223372036854775808m';
const LARGEST = '9223372036854775807m';

describe('values that are no quantities, without a policy', () => {
  it('count as 0 if they are NaN in a custom metric', () => {
    expect(shown(answered(pods, vector([{ pod: 'a' }, Number.NaN])))).toEqual([['a', '0']]);
  });

  it.each([Infinity, -Infinity, 1e30])('overflow for %d in a custom metric', (value) => {
    expect(shown(answered(pods, vector([{ pod: 'a' }, value])))).toEqual([['a', SMALLEST]]);
  });

  it.each([Infinity, Number.NaN])('overflow for %d in an external metric', (value) => {
    expect(shown(answered(queue, vector([{ queue: 'a' }, value])))).toEqual([[{ queue: 'a' }, SMALLEST]]);
  });
});

describe('values that are no quantities, by policy', () => {
  it.each<[string, number, string]>([
    ['nan: zero', Number.NaN, '0'],
    ['infinity: clamp', Infinity, LARGEST],
    ['infinity: clamp', -Infinity, SMALLEST],
    ['infinity: clamp', 1e30, LARGEST],
  ])('are with %s for %d the quantity %s', (policies, value, text) => {
    expect(shown(answeredWith(policies, pods, vector([{ pod: 'a' }, value])))).toEqual([['a', text]]);
    expect(shown(answeredWith(policies, queue, vector([{}, value])))).toEqual([[{}, text]]);
  });

  it.each<[string, number, string]>([
    ['nan: skip', Number.NaN, 'NaN'],
    ['infinity: skip', Infinity, '+Inf'],
  ])('are left out with %s', (policies, value, spelled) => {
    const result = vector([{ pod: 'a' }, value], [{ pod: 'b' }, 1]);
    expect(shown(answeredWith(policies, pods, result))).toEqual([['b', '1']]);
    expect(shown(answeredWith(policies, queue, vector([{}, value])))).toEqual([]);
    expect(answeredWith(policies, { ...pods, objects: 'a' }, result)).toMatchObject({
      code: 404,
      cause: `the result with pod="a" is ${spelled}, which the rule leaves out`,
    });
  });

  it.each<[string, number, string]>([
    ['nan: error', Number.NaN, 'NaN'],
    ['infinity: error', -Infinity, '-Inf'],
  ])('fail the request with %s', (policies, value, spelled) => {
    expect(shown(answeredWith(policies, pods, vector([{ pod: 'a' }, value])))).toEqual(
      noQuantity('requests', spelled),
    );
    expect(answeredWith(policies, queue, vector([{ queue: 'a' }, value]))).toMatchObject({
      code: 500,
      cause:
        `the value of metric queue is ${spelled}, which is not a quantity, in the result with {"queue":"a"}; ` +
        'change metricsQuery so that it cannot be',
    });
  });
});

describe('several results for one object, by policy', () => {
  const twice = vector([{ pod: 'a' }, 1], [{ pod: 'b' }, 7], [{ pod: 'a' }, 2]);

  it('are added up', () => {
    expect(shown(answeredWith('duplicates: sum', pods, twice))).toEqual([
      ['a', '3'],
      ['b', '7'],
    ]);
  });

  it('fail a request for that object, but no other', () => {
    expect(answeredWith('duplicates: error', pods, twice)).toMatchObject({
      code: 500,
      cause:
        'the query of metric requests has several results for one object, with pod="a"; ' +
        'aggregate by <<.GroupBy>> in metricsQuery',
    });
    expect(shown(answeredWith('duplicates: error', { ...pods, objects: 'b' }, twice))).toEqual([['b', '7']]);
  });
});

describe('the names of several objects', () => {
  const dotted = { ...pods, objects: ['a.b', 'c'] };

  it('are put into the query as they are, as upstream does it', () => {
    expect(plan(registry, dotted).queries).toEqual(['sum(requests{namespace="shop",pod=~"a.b|c"}) by (pod)']);
  });

  it('are escaped by policy', () => {
    expect(plan(registryWith('objectNames: literal'), dotted).queries).toEqual([
      'sum(requests{namespace="shop",pod=~"a\\\\.b|c"}) by (pod)',
    ]);
  });
});
