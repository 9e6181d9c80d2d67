import fc from 'fast-check';
import type { RelabelConfig } from '../../../core/kube/kinds/monitoring';
import type { Labels } from '../../../core/kube/selector';
import { relabel, relabelProblem } from '../../../core/operator/relabel';

interface Vector {
  readonly name: string;
  readonly input: Labels;
  readonly configs: readonly RelabelConfig[];
  readonly output: Labels | undefined;
}

const ABC = { a: 'foo', b: 'bar', c: 'baz' };
const PORTS = { __tmp_port: '1234', __port1: '1234', __port2: '5678' };

/** From Prometheus' own `model/relabel/relabel_test.go`. */
const VECTORS: readonly Vector[] = [
  {
    name: 'replaces with groups in braces',
    input: ABC,
    configs: [{ sourceLabels: ['a'], regex: 'f(.*)', targetLabel: 'd', replacement: 'ch${1}-ch${1}' }],
    output: { ...ABC, d: 'choo-choo' },
  },
  {
    name: 'lets a rule see what those before it did',
    input: ABC,
    configs: [
      { sourceLabels: ['a', 'b'], regex: 'f(.*);(.*)r', targetLabel: 'a', replacement: 'b${1}${2}m' },
      { sourceLabels: ['c', 'a'], regex: '(b).*b(.*)ba(.*)', targetLabel: 'd', replacement: '$1$2$2$3' },
    ],
    output: { a: 'boobam', b: 'bar', c: 'baz', d: 'boooom' },
  },
  {
    name: 'drops on a match',
    input: { a: 'foo' },
    configs: [{ sourceLabels: ['a'], regex: '.*o.*', action: 'drop' }],
    output: undefined,
  },
  {
    name: 'does not drop on a partial match',
    input: { a: 'foo' },
    configs: [{ sourceLabels: ['a'], regex: 'f|o', action: 'drop' }],
    output: { a: 'foo' },
  },
  {
    name: 'drops what keep does not match',
    input: { a: 'foo' },
    configs: [{ sourceLabels: ['a'], regex: 'no-match', action: 'keep' }],
    output: undefined,
  },
  {
    name: 'keeps on a match',
    input: { a: 'foo' },
    configs: [{ sourceLabels: ['a'], regex: 'f.*', action: 'Keep' }],
    output: { a: 'foo' },
  },
  {
    name: 'replaces nothing without a match',
    input: { a: 'boo' },
    configs: [{ sourceLabels: ['a'], regex: 'f', targetLabel: 'b', replacement: 'bar' }],
    output: { a: 'boo' },
  },
  {
    name: 'deletes a label whose replacement is empty, and expands the target label',
    input: { a: 'foo', f: 'baz' },
    configs: [{ sourceLabels: ['a'], regex: '(f).*', targetLabel: '$1', replacement: '$2' }],
    output: { a: 'foo' },
  },
  {
    name: 'takes the hash modulo',
    input: ABC,
    configs: [{ sourceLabels: ['c'], targetLabel: 'd', action: 'hashmod', modulus: 1000 }],
    output: { ...ABC, d: '976' },
  },
  {
    name: 'hashes text with newlines',
    input: { a: 'foo\nbar' },
    configs: [{ sourceLabels: ['a'], targetLabel: 'b', action: 'HashMod', modulus: 1000 }],
    output: { a: 'foo\nbar', b: '734' },
  },
  {
    name: 'maps label names',
    input: { a: 'foo', __meta_my_bar: 'aaa', __meta_my_baz: 'bbb', __meta_other: 'ccc' },
    configs: [{ regex: '__meta_(my.*)', replacement: '${1}', action: 'labelmap' }],
    output: {
      a: 'foo',
      __meta_my_bar: 'aaa',
      __meta_my_baz: 'bbb',
      __meta_other: 'ccc',
      my_bar: 'aaa',
      my_baz: 'bbb',
    },
  },
  {
    name: 'sets no label without a name',
    input: { a: 'some-name-0' },
    configs: [
      { sourceLabels: ['a'], regex: 'some-([^-]+)-([^,]+)', replacement: '${1}', targetLabel: '${3}' },
    ],
    output: { a: 'some-name-0' },
  },
  {
    name: 'keeps labels by name',
    input: { a: 'foo', b1: 'bar', b2: 'baz' },
    configs: [{ regex: '(b.*)', action: 'labelkeep' }],
    output: { b1: 'bar', b2: 'baz' },
  },
  {
    name: 'drops labels by name',
    input: { a: 'foo', b1: 'bar', b2: 'baz' },
    configs: [{ regex: '(b.*)', action: 'labeldrop' }],
    output: { a: 'foo' },
  },
  {
    name: 'changes case',
    input: { foo: 'bAr123Foo' },
    configs: [
      { sourceLabels: ['foo'], action: 'uppercase', targetLabel: 'upper' },
      { sourceLabels: ['foo'], action: 'lowercase', targetLabel: 'lower' },
    ],
    output: { foo: 'bAr123Foo', upper: 'BAR123FOO', lower: 'bar123foo' },
  },
  {
    name: 'keeps what is equal',
    input: PORTS,
    configs: [{ sourceLabels: ['__tmp_port'], action: 'keepequal', targetLabel: '__port1' }],
    output: PORTS,
  },
  {
    name: 'drops what is not equal',
    input: PORTS,
    configs: [{ sourceLabels: ['__tmp_port'], action: 'keepequal', targetLabel: '__port2' }],
    output: undefined,
  },
  {
    name: 'drops what is equal',
    input: PORTS,
    configs: [{ sourceLabels: ['__tmp_port'], action: 'dropequal', targetLabel: '__port1' }],
    output: undefined,
  },
  {
    name: 'keeps what differs',
    input: PORTS,
    configs: [{ sourceLabels: ['__tmp_port'], action: 'dropequal', targetLabel: '__port2' }],
    output: PORTS,
  },
  {
    name: 'lets a dot match a newline',
    input: { a: 'line1\nline2' },
    configs: [{ sourceLabels: ['a'], regex: 'line1.*line2', targetLabel: 'd', replacement: 'match${1}' }],
    output: { a: 'line1\nline2', d: 'match' },
  },
  {
    name: 'expands named groups and writes names in UTF-8',
    input: { a: 'line1\nline2' },
    configs: [
      {
        sourceLabels: ['a'],
        regex: '(line1).*(?<second>line2)',
        targetLabel: 'utf-8.${1}',
        replacement: 'val_$second',
      },
    ],
    output: { a: 'line1\nline2', 'utf-8.line1': 'val_line2' },
  },
];

describe('relabel', () => {
  it.each(VECTORS)('$name', ({ input, configs, output }) => {
    expect(relabel(input, configs)).toEqual(output);
  });

  it('takes the longest name after $, which then is no group', () => {
    expect(relabel({ a: 'x' }, [{ sourceLabels: ['a'], targetLabel: 'b', replacement: '$1_y' }])).toEqual({
      a: 'x',
    });
  });

  it('sets a constant when there are no source labels', () => {
    expect(relabel({}, [{ targetLabel: 'job', replacement: 'default/app' }])).toEqual({ job: 'default/app' });
  });

  it('reads a label named like a property of every object as missing', () => {
    expect(relabel({}, [{ sourceLabels: ['constructor'], targetLabel: 'b' }])).toEqual({});
  });

  it('leaves its input alone', () => {
    const input = { a: 'x' };
    relabel(input, [{ targetLabel: 'a', replacement: 'y' }]);
    expect(input).toEqual({ a: 'x' });
  });

  it('keeps exactly one shard of any address', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 9 }), (address, shards) => {
        const kept = Array.from({ length: shards }, (_, shard) =>
          relabel({ address }, [
            { sourceLabels: ['address'], targetLabel: 'hash', modulus: shards, action: 'hashmod' },
            { sourceLabels: ['hash'], regex: String(shard), action: 'keep' },
          ]),
        ).filter((labels) => labels !== undefined);
        expect(kept).toHaveLength(1);
      }),
    );
  });
});

describe('relabelProblem', () => {
  it.each<[string, RelabelConfig, RegExp]>([
    ['an action that does not exist', { action: 'rename' }, /"rename" is not a relabelling action/],
    ['replace without target', { sourceLabels: ['a'] }, /replace needs a targetLabel/],
    ['hashmod without modulus', { action: 'hashmod', targetLabel: 'b' }, /modulus above zero/],
    ['a broken expression', { targetLabel: 'b', regex: '(' }, /invalid regex "\("/],
    ['keepequal with a separator', { action: 'keepequal', targetLabel: 'b', separator: ',' }, /only/],
    ['dropequal with a replacement', { action: 'dropequal', targetLabel: 'b', replacement: 'x' }, /only/],
    [
      'labelmap with an empty replacement',
      { action: 'labelmap', replacement: '' },
      /replacement that is not empty/,
    ],
    ['labelkeep with a modulus', { action: 'labelkeep', modulus: 2 }, /takes a regex only/],
    ['labeldrop with source labels', { action: 'labeldrop', sourceLabels: ['a'] }, /takes a regex only/],
    [
      'keepequal with a regex',
      { action: 'keepequal', targetLabel: 'b', regex: 'x' },
      /sourceLabels and targetLabel only/,
    ],
    [
      'lowercase with a replacement',
      { action: 'lowercase', targetLabel: 'b', replacement: 'x' },
      /no replacement/,
    ],
  ])('names %s', (_, config, message) => {
    expect(relabelProblem(config)).toMatch(message);
  });

  it('finds nothing wrong with a rule of defaults', () => {
    expect(relabelProblem({ targetLabel: 'b' })).toBeUndefined();
  });
});
