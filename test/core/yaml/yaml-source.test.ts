import { z } from 'zod';
import { readDocument, YamlSource } from '../../../core/yaml';

const TEXT = `a: 1
b:
  - {x: one, w: [2, 3]}
  - &two
    z: |
      text
c: *two
`;

describe('YamlSource', () => {
  const source = YamlSource.open(TEXT);

  it.each([
    [['a'], 1, 4],
    [['b', 0, 'w', 1], 3, 21],
    [['b', 1, 'z'], 5, 8],
    [['c', 'z'], 5, 8],
    [['b', 0, 'nothing', 'there'], 3, 5],
    [[], 1, 1],
  ])('knows where %j stands', (path, line, column) => {
    expect(source.positionOf(path)).toEqual({ line, column });
  });

  it('knows where keys stand', () => {
    expect(source.keyPositionOf(['b', 0, 'w'])).toEqual({ line: 3, column: 14 });
    expect(source.keyPositionOf(['b', 0])).toEqual({ line: 3, column: 5 });
  });

  it('gives one value in its place', () => {
    expect(source.only(['b', 0])).toBe('\n\n    {x: one, w: [2, 3]}\n');
    expect(YamlSource.open(source.only(['b', 0])).positionOf(['w'])).toEqual(
      source.positionOf(['b', 0, 'w']),
    );
  });

  it.each([
    ['a: 1\na: 2\n', 2, 1, 'unique', { a: 2 }],
    ['a: *b\n', 1, 1, 'alias', undefined],
    ['a: &a [*a]\n', 1, 1, 'holds itself', undefined],
    ['a: 1\n---\nb: 2\n', 2, 1, 'only the first is read', { a: 1 }],
    ['a: "x"y"\n', 1, 7, 'the text ends at the "', { a: 'x' }],
  ])('says what is wrong with %j', (text, line, column, message, value) => {
    const broken = YamlSource.open(text);
    expect(broken.problems).toHaveLength(1);
    expect(broken.problems[0]).toMatchObject({
      position: { line, column },
      message: expect.stringContaining(message) as string,
    });
    expect(broken.value).toEqual(value);
  });

  it('tells what a mistake touches from what it does not', () => {
    const broken = YamlSource.open('l:\n- a\n- "x"y"\n- b\n');
    expect([0, 1, 2, 3].map((index) => broken.isDamaged(['l', index]))).toEqual([false, true, false, true]);
  });
});

describe('readDocument', () => {
  const schema = z.strictObject({ a: z.number(), b: z.array(z.string()).default([]) });

  it('gives what the document holds', () => {
    expect(readDocument(YamlSource.open('a: 1\n'), schema, 'f')).toEqual({ a: 1, b: [] });
  });

  it('tells everything that is wrong, in the order of the text', () => {
    const source = YamlSource.open('x: 1\nb:\n- 1\n- c\n- [2]\n');
    expect(() => readDocument(source, schema, 'f.yaml')).toThrow(
      [
        'f.yaml:1:1: a: is missing',
        'f.yaml:1:1: x: unknown field',
        'f.yaml:3:3: b[0]: expected string, received number',
        'f.yaml:5:3: b[2]: expected string, received array',
      ].join('\n'),
    );
  });

  it('says first what is wrong with the YAML', () => {
    expect(() => readDocument(YamlSource.open('a: 1\na: 2\n'), schema, 'f')).toThrow(
      'f:2:1: Map keys must be unique',
    );
  });
});
