import fc from 'fast-check';
import { GoByte, GoMap, GoSlice, type MaybeValue } from '../../../core/rules/template/value';
import { groupResourceValue } from '../../../core/rules/group-resource-value';
import { queryArgumentsValue } from '../../../core/rules/query-arguments';
import { toGoString } from '../../../core/kube/go-string';
import { oneOf, weighted } from './arbitraries';
import { toBase64 } from './program';

/** A value to print: as the program reads it, and as ours. */
export interface Printed {
  readonly request: Readonly<Record<string, unknown>>;
  readonly value: MaybeValue;
}

/** Strings of bytes, not all UTF-8. */
const bytes = weighted<string>(
  [4, oneOf(['', 'a', 'http', 'a b', 'x"y', '`', '\t\n\0\x7f', "it's", '\\', '100%'])],
  [3, fc.string({ unit: oneOf(Array.from('aé😀\u00ad\u2028€ "\\`\t')), maxLength: 6 }).map(toGoString)],
  [
    2,
    fc.string({ unit: oneOf(Array.from('a\x80\xff\xc3\xa9\xed\xa0\x80\xf0\x9f\xef\xbb\xbf')), maxLength: 5 }),
  ],
);

const integers = weighted<bigint>(
  [3, fc.bigInt({ min: -20n, max: 300n })],
  [
    2,
    oneOf([
      0n,
      1n,
      -1n,
      65n,
      233n,
      8232n,
      0xd800n,
      0xfffdn,
      0x10ffffn,
      0x110000n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ]),
  ],
  [1, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
);

const floats = weighted<number>(
  [
    3,
    oneOf([
      0, -0, 1, 0.5, 1.5, 2.5, 0.1, 100, 1e6, 1e20, 1e21, 1e-5, 123456.789, 0.000001, 5e-324,
      1.7976931348623157e308,
    ]),
  ],
  [2, fc.double()],
  [2, fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 1000)],
  [1, fc.integer({ min: -50, max: 50 }).map((value) => value / 2)],
);

const words = oneOf(['', 'pod', 'é', 'a"b', 'x|y']);

const printed: fc.Arbitrary<Printed> = weighted<Printed>(
  [4, bytes.map((value) => ({ request: { Type: 'string', Text: toBase64(value) }, value }))],
  [4, integers.map((value) => ({ request: { Type: 'int', Text: toBase64(String(value)) }, value }))],
  [3, floats.map((value) => ({ request: { Type: 'float64', Text: toBase64(floatText(value)) }, value }))],
  [1, fc.boolean().map((value) => ({ request: { Type: 'bool', Text: toBase64(String(value)) }, value }))],
  [
    1,
    fc.integer({ min: 0, max: 255 }).map((value) => ({
      request: { Type: 'uint8', Text: toBase64(String(value)) },
      value: new GoByte(value),
    })),
  ],
  [
    2,
    fc.array(words, { maxLength: 3 }).map((list) => ({
      request: { Type: '[]string', List: list },
      value: new GoSlice(list.map(toGoString)),
    })),
  ],
  [
    2,
    fc
      .dictionary(words, words, { maxKeys: 3 })
      .map((table) => ({ request: { Type: 'map', Table: table }, value: mapOf(table) })),
  ],
  [
    1,
    words.map((word) => ({
      request: { Type: 'struct', Text: toBase64(toGoString(word)) },
      value: groupResourceValue('apps', word),
    })),
  ],
  [1, fc.tuple(words, fc.array(words, { maxLength: 2 })).map(([word, list]) => argumentsOf(word, list))],
  [1, fc.constant({ request: { Type: 'nil' }, value: undefined })],
);

function mapOf(table: Readonly<Record<string, string>>): GoMap {
  return new GoMap(
    Object.entries(table).map(([key, value]) => [toGoString(key), toGoString(value)] as const),
  );
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** `GroupBy` is whatever the labels to group by are joined to, so that there is one at most. */
function argumentsOf(word: string, [label = '']: readonly string[]): Printed {
  const value = queryArgumentsValue({
    series: label,
    labelMatchers: label,
    labelValuesByName: new Map([[word, word]]),
    groupBy: [label],
  });
  return {
    request: { Type: 'args', Text: toBase64(toGoString(label)), Table: { [word]: word }, List: [label] },
    value,
  };
}

/** Verbs of each type, as Go names it. */
const VERBS: Readonly<Record<string, string>> = {
  string: 'vsqxX',
  int: 'vdbcqoOxXU',
  uint8: 'vdbcqoOxXU',
  float64: 'vbeEfFgGxX',
  bool: 'tv',
  '[]string': 'vsqx',
  map: 'vsqx',
  struct: 'vsqxd',
  args: 'vsqx',
  nil: 'v',
};
const number = weighted<string>(
  [8, fc.constant('')],
  [6, fc.integer({ min: 0, max: 24 }).map(String)],
  [1, oneOf(['*', '1000001', '-3'])],
);
const index = weighted<string>(
  [30, fc.constant('')],
  [1, oneOf(['[1]', '[2]', '[3]', '[0]', '[x]', '[', '[]', '[-1]', '[1', '[99]'])],
);
const flags = weighted<string>(
  [3, fc.constant('')],
  [4, fc.string({ unit: oneOf(Array.from('#0+- ')), minLength: 1, maxLength: 3 })],
);
const precision = weighted<string>([5, fc.constant('')], [4, number.map((digits) => `.${digits}`)]);
const anyVerb = oneOf(['v', 'd', 's', 'T', 'f', '%', 'w', 'y', toGoString('é'), 'p', '!', '', '\xff', 'z']);

/** A directive and the value that it prints, mostly of a type that it knows. */
const directive = printed.chain((value) => {
  const verbs = VERBS[String(value.request['Type'])] ?? 'v';
  const verb = weighted<string>([12, oneOf(Array.from(verbs))], [1, fc.constant('T')], [2, anyVerb]);
  const text = fc.tuple(flags, index, number, precision, index, verb).map((parts) => `%${parts.join('')}`);
  return fc.record({ text, value: fc.constant(value) });
});

/** What is given to `printf`. */
export interface PrintfInput {
  readonly format: string;
  readonly values: readonly Printed[];
}

const extra = weighted<readonly Printed[]>(
  [12, fc.constant([])],
  [1, fc.array(printed, { minLength: 1, maxLength: 1 })],
);
const literal = oneOf(['', 'a', ' ', '|', toGoString('é'), '\xff']);

export const printfInput: fc.Arbitrary<PrintfInput> = fc
  .tuple(literal, fc.array(directive, { minLength: 1, maxLength: 3 }), literal, extra)
  .map(([before, directives, after, more]) => ({
    format: before + directives.map(({ text }) => text).join(' ') + after,
    values: [...directives.map(({ value }) => value), ...more],
  }));
