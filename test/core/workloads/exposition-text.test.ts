import fc from 'fast-check';
import type { MetricContract } from '../../../core/model';
import { expositionText } from '../../../core/workloads/exposition-text';

const CONTRACT: MetricContract = {
  port: 'http',
  path: '/metrics',
  series: {
    up: { name: 'up_total', type: 'counter', help: 'A \\ and\na line.', labels: ['a'] },
    quiet: { name: 'quiet', type: 'gauge', help: '', labels: [] },
    time: { name: 'time_seconds', type: 'summary', help: 'Time.', labels: [] },
    size: { name: 'size_bytes', type: 'histogram', help: 'Size.', labels: [] },
  },
};

describe('the text format', () => {
  it('writes families in the order of the contract, and only those with samples', () => {
    const samples = [
      { name: 'time_seconds_sum', labels: {}, value: 1.5 },
      { name: 'up_total', labels: { a: 'x', b: 'y' }, value: 3 },
      { name: 'time_seconds_count', labels: {}, value: 2 },
      { name: 'up_total', labels: { a: 'z' }, value: 0 },
    ];
    expect(expositionText(CONTRACT, samples)).toBe(
      [
        '# HELP up_total A \\\\ and\\na line.',
        '# TYPE up_total counter',
        'up_total{a="x",b="y"} 3',
        'up_total{a="z"} 0',
        '# HELP time_seconds Time.',
        '# TYPE time_seconds summary',
        'time_seconds_sum 1.5',
        'time_seconds_count 2',
        '',
      ].join('\n'),
    );
  });

  it('writes no help where there is none, and values as Go reads them', () => {
    const line = (value: number) => expositionText(CONTRACT, [{ name: 'quiet', labels: {}, value }]);
    expect(line(0.1)).toBe('# TYPE quiet gauge\nquiet 0.1\n');
    expect(
      [Number.NaN, Infinity, -Infinity, 1e21, 1e-7].map((value) => line(value).split(/\s/).at(-2)),
    ).toEqual(['NaN', '+Inf', '-Inf', '1e+21', '1e-7']);
  });

  it('knows the parts of a histogram', () => {
    const sample = { name: 'size_bytes_bucket', labels: { le: '+Inf' }, value: 1 };
    expect(expositionText(CONTRACT, [sample])).toContain(
      '# TYPE size_bytes histogram\nsize_bytes_bucket{le="+Inf"} 1\n',
    );
  });

  it('refuses a series that nobody promised', () => {
    expect(() => expositionText(CONTRACT, [{ name: 'up_count', labels: {}, value: 1 }])).toThrow(
      'series up_count',
    );
  });

  it('keeps any label value on its line, and whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ' ', 'é') }), (value) => {
        const [line = '', ...rest] = expositionText(CONTRACT, [
          { name: 'quiet', labels: { a: value }, value: 1 },
        ])
          .split('\n')
          .slice(1);
        expect(rest).toEqual(['']);
        const [, written = ''] = /^quiet\{a="((?:[^"\\\n]|\\["\\n])*)"\} 1$/.exec(line) ?? [];
        expect(written.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : String(escaped)))).toBe(
          value,
        );
      }),
    );
  });
});
