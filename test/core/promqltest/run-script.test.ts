import { UsageError } from '../../../core/errors';
import { type CaseResult, type Feature, runScript, SERVER_FEATURES, tally } from '../../../core/promqltest';

const LOAD = 'load 1m\n  m{a="1"} 0+1x10\n  m{a="2"} 0+2x10\n  n _ 5x3 stale\n\n';

function run(text: string, features: readonly Feature[] = SERVER_FEATURES): CaseResult[] {
  return [...runScript(`${LOAD}${text}`, features)];
}

function only(text: string, features?: readonly Feature[]): CaseResult {
  const [result, ...others] = run(text, features);
  if (!result || others.length > 0) throw new Error('not one case');
  return result;
}

describe('cases that pass', () => {
  it.each([
    'eval instant at 5m m\n m{a="2"} 10\n m{a="1"} 5',
    'eval instant at 5m sum(m)\n {} 15',
    'eval instant at 5m 1 / 3\n 0.333333333',
    'eval instant at 5m "x"\n expect string "x"',
    'eval instant at 6m n',
    'eval instant at 5m topk(2, m)\n expect ordered\n m{a="2"} 10\n m{a="1"} 5',
    'eval range from 4m to 6m step 1m n or sum(m)\n n 5\n {} _ 15 18',
    'eval instant at 2m m{a="1"}[90s]\n expect range vector from 1m to 2m step 1m\n m{a="1"} 1 2',
    'eval instant at 5m quantile(2, m)\n expect warn msg: PromQL warning: quantile value should be between 0 and 1, got 2\n expect no_info\n {} +Inf',
    'eval instant at 5m m + on () m\n expect fail regex: found duplicate series for the match group .* on the right',
    'eval_fail instant at 5m m + on () m',
    'clear\n\neval instant at 5m m',
    'eval instant at 5m m{a="1"} @ end()\n m{a="1"} 5',
    'eval instant at 5m time() + minute()\n {} 305',
    'eval instant at 0 m{a="2"}\n m{a="2"} 0',
  ])('%j', (text) => {
    expect(only(text)).toMatchObject({ status: 'passed' });
  });
});

describe('cases that fail', () => {
  it.each([
    [
      'another value, a series too much and one too little',
      'eval instant at 5m m\n m{a="1"} 6\n m{a="3"} 1',
      'another result than expected',
      ['- m{a="1"} 6', '+ m{a="1"} 5', '+ m{a="2"} 10', '- m{a="3"} 1'],
    ],
    [
      'another point of a range',
      'eval range from 3m to 6m step 1m n\n n 5 5 5 _',
      'another result than expected',
      ['- n 5 5 5', '+ n 5 5'],
    ],
    [
      'another order',
      'eval instant at 5m sort(m)\n expect ordered\n m{a="2"} 10\n m{a="1"} 5',
      'another result than expected',
      ['- in the order m{a="2"}, m{a="1"}', '+ in the order m{a="1"}, m{a="2"}'],
    ],
    ['a scalar', 'eval instant at 5m 3\n 4', 'another result than expected', ['- scalar 4', '+ scalar 3']],
    [
      'a scalar for a vector',
      'eval instant at 5m 3\n {} 3',
      'another result than expected',
      ['- vector of 1 elements', '+ scalar 3'],
    ],
    [
      'a string',
      'eval instant at 5m "y"\n expect string "x"',
      'another result than expected',
      ['- string "x"', '+ string "y"'],
    ],
    [
      'an error',
      'eval instant at 5m label_replace(m, "a", "", "a", "(")',
      'the query failed',
      ['+ error: invalid regular expression in label_replace(): ('],
    ],
    [
      'another error',
      'eval instant at 5m label_replace(m, "a", "", "a", "(")\n expect fail msg: x',
      'another error than expected',
      ['- error: "x"', '+ error: invalid regular expression in label_replace(): ('],
    ],
    [
      'no error',
      'eval instant at 5m m\n expect fail',
      'the query is expected to fail, but did not',
      ['- error: any message'],
    ],
    [
      'other messages',
      'eval instant at 5m quantile(2, m)\n expect no_warn\n expect info regex: i.*\n {} +Inf',
      'other warnings or infos than expected',
      [
        '+ warning: "PromQL warning: quantile value should be between 0 and 1, got 2"',
        '- info: a message like /i.*/',
      ],
    ],
  ])('%s', (_, text, reason, detail) => {
    expect(only(text)).toEqual(expect.objectContaining({ status: 'failed', reason, detail }));
  });

  it('because the expression is none', () => {
    expect(only('eval instant at 5m sum(\n expect fail')).toMatchObject({
      status: 'failed',
      reason: 'the query cannot be run',
    });
  });
});

describe('cases that are skipped', () => {
  it.each([
    ['reads', 'load 1m\n  h {{sum:1}}x9\n\neval instant at 5m h\n h 1'],
    [
      'reads what is converted',
      'load_with_nhcb 1m\n  h_bucket{le="1"} 1\n\neval instant at 1m {__name__=~"h.*"}',
    ],
    ['expects', 'eval instant at 5m m\n m {{sum:1}}'],
  ])('because it %s native histograms', (_, text) => {
    expect(only(text)).toMatchObject({ status: 'skipped', reason: 'native histograms' });
  });

  it.each<readonly [expression: string, feature: string]>([
    ['mad_over_time(m{a="1"}[5m])\n {a="1"} 1', 'promql-experimental-functions'],
    ['increase(m{a="1"}[5m] anchored)\n {a="1"} 5', 'promql-extended-range-selectors'],
    ['m{a="1"} + fill(0) n\n {a="1"} 5', 'promql-binop-fill-modifiers'],
    ['-m{a="1"} or label_replace(-m{a="1"}, "__name__", "x", "", "")\n {a="1"} -5\n x{a="1"} -5', 'none'],
  ])('%s without its feature', (expression, feature) => {
    const result = only(`eval instant at 5m ${expression}`);
    if (feature === 'none') expect(result.status).not.toBe('skipped');
    else expect(result).toMatchObject({ status: 'skipped', reason: `needs ${feature}` });
  });

  it('never because of a feature that is on', () => {
    expect(
      only('eval instant at 5m mad_over_time(m{a="1"}[5m])\n {a="1"} 1', ['promql-experimental-functions']),
    ).toMatchObject({
      status: 'passed',
    });
  });

  it('are counted by reason', () => {
    const results = run(
      'eval instant at 5m h\n h {{sum:1}}\n\neval instant at 5m 1\n 1\n\neval instant at 5m 1\n 2',
    );
    expect(tally(results)).toEqual({
      cases: 3,
      passed: 1,
      failed: 1,
      skipped: new Map([['native histograms', 1]]),
    });
  });
});

describe('data', () => {
  it.each([['load 1m\n  m{a="1"} 7', 'line 7: m{a="1"} has a sample at 10m already']])(
    '%j is refused: %s',
    (text, problem) => {
      expect(() => run(text)).toThrow(UsageError);
      expect(() => run(text)).toThrow(problem);
    },
  );
});
