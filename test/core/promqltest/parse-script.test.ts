import { UsageError } from '../../../core/errors';
import { parseScript } from '../../../core/promqltest/parse-script';

const EVAL = { kind: 'eval', expression: 'm', query: { kind: 'instant', atMs: 60_000 } };

describe('a PromQL test script', () => {
  it('has commands in blocks, which an empty line or a comment ends', () => {
    const commands = parseScript(
      '# comment\nload 1m\n  m 1\n\nclear\n\neval instant at 1m m\n  m 1\n# more\n',
    );
    expect(commands.map(({ kind, line }) => [kind, line])).toEqual([
      ['load', 2],
      ['clear', 5],
      ['eval', 7],
    ]);
  });

  it('loads samples at every step, with start timestamps where a line says so', () => {
    const text = 'load 30s\n  m{a="b"}@st _ -1m-5sx1 _\n  m{a="b"} 1 2+1x1 stale';
    expect(parseScript(text)).toEqual([
      {
        kind: 'load',
        line: 1,
        nativeHistograms: [],
        series: [
          {
            line: 3,
            labels: { __name__: 'm', a: 'b' },
            samples: [
              { atMs: 0, value: 1, startMs: undefined },
              { atMs: 30_000, value: 2, startMs: -30_000 },
              { atMs: 60_000, value: 3, startMs: -5000 },
              { atMs: 90_000, value: undefined, startMs: undefined },
            ],
          },
        ],
      },
    ]);
  });

  it('takes the later line of a series that is written twice', () => {
    expect(parseScript('load 1m\n m 1\n m 2')).toMatchObject([{ series: [{ samples: [{ value: 2 }] }] }]);
  });

  it('knows which series are, or are made into, native histograms', () => {
    expect(parseScript('load 1m\n h {{sum:1}}x3\n m 1')).toMatchObject([
      { nativeHistograms: [{ __name__: 'h' }], series: [{ labels: { __name__: 'm' } }] },
    ]);
    expect(parseScript('load_with_nhcb 1m\n h_bucket{le="1",a="b"} 1\n h_sum{a="b"} 1')).toMatchObject([
      {
        nativeHistograms: [
          { __name__: 'h', a: 'b' },
          { __name__: 'h', a: 'b' },
        ],
      },
    ]);
  });

  it('expects a result', () => {
    expect(parseScript('eval instant at 1m m\n m{a="b"} 2\n {} NaN')).toMatchObject([
      { ...EVAL, expected: { ordered: false, result: { kind: 'series', series: [{}, {}] } } },
    ]);
    expect(parseScript('eval instant at 1m 1\n -0x10')).toMatchObject([
      { expected: { result: { kind: 'scalar', value: -16 } } },
    ]);
    expect(parseScript('eval instant at 1m "x"\n expect string "\\x78"')).toMatchObject([
      { expected: { result: { kind: 'string', value: 'x' } } },
    ]);
    expect(
      parseScript('eval instant at 1m m[1m]\n expect range vector from 10s to 1m step 10s\n m 1 2 3'),
    ).toMatchObject([
      { expected: { result: { range: { startMs: 10_000, endMs: 60_000, stepMs: 10_000 } } } },
    ]);
    expect(parseScript('eval range from 1m to 5m step 30s m\n m _ 2')).toMatchObject([
      { query: { kind: 'range', steps: { startMs: 60_000, endMs: 300_000, stepMs: 30_000 } } },
    ]);
    expect(parseScript('eval instant at 1m m\n h {{sum:3}}')).toMatchObject([
      { expected: { result: { kind: 'nativeHistograms' } } },
    ]);
  });

  it('expects messages, in the new notation and in the old one', () => {
    const text =
      'eval instant at 1m m\n expect warn msg: w\n expect warn regex: w.*\n expect no_info\n expect ordered';
    expect(parseScript(text)).toMatchObject([
      {
        expected: {
          ordered: true,
          warnings: [
            { kind: 'text', text: 'w' },
            { kind: 'pattern', source: 'w.*' },
          ],
          infos: [],
        },
      },
    ]);
    expect(parseScript('eval_fail instant at 1m m\n expected_fail_message x y')).toMatchObject([
      { expected: { failure: { kind: 'text', text: 'x y' } } },
    ]);
    expect(parseScript('eval_fail instant at 1m m\n expected_fail_regexp x.*')).toMatchObject([
      { expected: { failure: { kind: 'pattern', source: 'x.*' } } },
    ]);
    for (const [mode, field] of [
      ['warn', 'warnings'],
      ['info', 'infos'],
    ] as const) {
      expect(parseScript(`eval_${mode} instant at 1m m`)).toMatchObject([
        { expected: { [field]: [{ kind: 'any' }] } },
      ]);
    }
    expect(parseScript('eval_ordered instant at 1m m')).toMatchObject([{ expected: { ordered: true } }]);
  });

  it.each([
    ['\nlaod 1m', 'line 2: unknown command "laod"'],
    ['load', 'line 1: invalid load command'],
    ['load 1x', 'line 1: invalid duration "1x"'],
    ['load 1m\n m{ 1', 'line 2: invalid series "m{ 1"'],
    ['load 1m\n m@st -1m\n n 1', 'line 2: @st metric does not match'],
    ['load 1m\n m@st -1m\n m 1 2', 'line 2: @st line has 1 values but sample line has 2'],
    ['load 1m\n m@st -1m', 'line 2: @st line has no following sample line'],
    ['load 1m\n m@st 1k', 'line 2: invalid duration "1k"'],
    ['load 1m\n m@st -', 'line 2: "-" is not a start timestamp'],
    ['eval m', 'line 1: invalid eval command'],
    ['eval instant at x m', 'line 1: invalid duration "x"'],
    ['eval range from 5m to 1m step 1m m', 'line 1: the end (1m) is before the start (5m)'],
    ['eval range from 1m to 5m step 0 m', 'line 1: a step of 0'],
    ['eval instant at 1m m\n expect nothing', 'line 2: invalid expect line'],
    [
      'eval instant at 1m m\n expect warn\n expect no_warn',
      'line 3: "expect warn" and "expect no_warn" contradict',
    ],
    ['eval instant at 1m m\n expect fail\n expect fail', 'line 3: only one "expect fail"'],
    ['eval instant at 1m m\n expect warn regex:(', 'line 2: invalid regular expression "("'],
    ['eval instant at 1m m\n expect string x', 'line 2: expect string: a quoted string'],
    ['eval instant at 1m m\n expect range vector from 1m', 'line 2: write it like'],
    ['eval instant at 1m m\n m 1 2', 'line 2: an instant query has one value per series, not 2'],
    ['eval instant at 1m m\n m', 'line 2: an instant query has one value per series, not 0'],
  ])('%j is refused: %s', (text, problem) => {
    expect(() => parseScript(text)).toThrow(UsageError);
    expect(() => parseScript(text)).toThrow(problem);
  });
});
