import { answer, type MetricRequest, plan } from '../../../core/adapter';
import { ageQueries } from '../../../core/rules';
import { answeredWith, at, pods, queue, registryWith, shown, vector } from './answering';

describe('samples that are too old', () => {
  const seconds = at / 1000;
  const skip = 'staleness: {maxSampleAge: 1m}';
  const error = 'staleness: {maxSampleAge: 1m, action: error}';
  const values = vector([{ pod: 'a' }, 1], [{ pod: 'b' }, 2], [{ pod: 'c' }, 3]);
  const times = vector([{ pod: 'a' }, seconds - 10], [{ pod: 'b' }, seconds - 61]);

  function planned(policies: string, request: MetricRequest) {
    return plan(registryWith(policies), request);
  }

  it('are asked for with the query', () => {
    expect(planned(skip, { ...pods, objects: 'a' })).toMatchObject({
      queries: [
        'sum(requests{namespace="shop",pod="a"}) by (pod)',
        'max by (pod) (timestamp(requests{namespace="shop",pod="a"}))',
      ],
      ageQueries: 1,
    });
    expect(planned(skip, queue)).toMatchObject({ queries: ['max(queue{})', 'max(timestamp(queue))'] });
    expect(planned('nan: skip', pods)).toMatchObject({ ageQueries: 0 });
  });

  it('are left out, and the others have the time of their samples', () => {
    const result = answeredWith(skip, pods, values, times);
    expect(shown(result)).toEqual([['a', '1']]);
    expect(result).toMatchObject({ items: [{ timestampMs: at - 10_000 }] });
  });

  it.each([
    ['b', 'the newest sample is 1m1s old, more than 1m with pod="b"'],
    ['c', 'a selector finds no recent sample with pod="c"'],
  ])('leave nothing of %s', (objects, cause) => {
    expect(answeredWith(skip, { ...pods, objects }, values, times)).toMatchObject({ code: 404, cause });
  });

  it('fail the request by policy', () => {
    expect(answeredWith(error, pods, values, times)).toMatchObject({
      code: 500,
      message: 'Internal error occurred: the samples of metric requests are too old',
    });
    expect(shown(answeredWith(error, { ...pods, objects: 'a' }, values, times))).toEqual([['a', '1']]);
  });

  it('leave nothing of an external metric, or fail it', () => {
    const value = vector([{ queue: 'a' }, 7]);
    const old = vector([{}, seconds - 100]);
    expect(shown(answeredWith(skip, queue, value, old))).toEqual([]);
    expect(answeredWith(error, queue, value, old)).toMatchObject({ code: 500 });
    expect(answeredWith(error, queue, value, vector([{}, seconds - 5]))).toMatchObject({
      items: [{ timestampMs: at - 5000 }],
    });
    expect(shown(answeredWith(error, queue, vector(), vector()))).toEqual([]);
  });

  it('are as old as they were when that was asked, which may be before the values were', () => {
    const asked = planned(skip, { ...pods, objects: 'a' });
    const outcomes = [vector([{ pod: 'a' }, 1]), vector([{ pod: 'a' }, seconds - 65])];
    expect(shown(answer(asked, outcomes, at, [at, at - 7000]))).toEqual([['a', '1']]);
    expect(answer(asked, outcomes, at, [at, at - 4000])).toMatchObject({
      cause: 'the newest sample is 1m1s old, more than 1m with pod="a"',
    });
  });

  it('fail the request if they cannot be asked for', () => {
    expect(answeredWith(skip, pods, values, { error: 'timeout', unavailable: true })).toMatchObject({
      code: 503,
    });
  });
});

describe('ageQueries', () => {
  it.each([
    ['sum(rate(x{pod="a"}[5m])) by (pod)', ['max by (pod) (timestamp(x{pod="a"}))']],
    [
      'sum(x{pod="a"}) by (pod) / sum(y{pod="a"}) by (pod) + sum(x{pod="a"}) by (pod)',
      ['max by (pod) (timestamp(x{pod="a"}))', 'max by (pod) (timestamp(y{pod="a"}))'],
    ],
  ])('ask for the newest samples of each selector of %s', (query, queries) => {
    expect(ageQueries(query, 'pod')).toEqual({ queries });
  });

  it.each([
    ['x{pod="a"} offset 5m', 'a selector is of another time than now'],
    ['x{pod="a"} @ 0', 'a selector is of another time than now'],
    ['max_over_time(x{pod="a"}[5m:1m])', 'a selector stands in a subquery'],
    ['x{pod="a"} or y{pod="a"}', 'the operands of or do without each other'],
    ['sum(x{pod="a"} unless y{pod="a"})', 'the operands of unless do without each other'],
    ['absent(x{pod="a"})', 'the result of absent() is of no sample'],
    ['x{pod="a"} * on() group_left() y', 'a selector has no condition on pod'],
    ['vector(1)', 'the query reads no series'],
    ['x{', 'unexpected end of input'],
  ])('do not exist for %s', (query, reason) => {
    expect(ageQueries(query, 'pod')).toEqual({ reason: expect.stringContaining(reason) as string });
  });
});
