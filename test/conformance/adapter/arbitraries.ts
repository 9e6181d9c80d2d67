import fc from 'fast-check';

export function oneOf<Value>(values: readonly Value[]): fc.Arbitrary<Value> {
  return fc.constantFrom(...values);
}

/** One of several, by weight. */
export function weighted<Value>(
  ...choices: readonly (readonly [number, fc.Arbitrary<Value>])[]
): fc.Arbitrary<Value> {
  return fc.oneof(
    { withCrossShrink: true },
    ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })),
  );
}

/** A text with one or two small changes: a piece is left out, doubled, or put in. */
export function damaged(text: fc.Arbitrary<string>, pieces: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    kind: oneOf(['drop', 'double', 'insert', 'insert'] as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 4 }),
    piece: oneOf(pieces),
  });
  return fc.tuple(text, fc.array(change, { minLength: 1, maxLength: 2 })).map(([whole, changes]) =>
    changes.reduce((current, { kind, at, length, piece }) => {
      const characters = Array.from(current);
      const index = Math.floor(at * (characters.length + 1));
      const cut = characters.slice(index, index + length);
      const put = { drop: [], double: [...cut, ...cut], insert: [piece, ...cut] }[kind];
      return [...characters.slice(0, index), ...put, ...characters.slice(index + length)].join('');
    }, whole),
  );
}
