/**
 * Sets of characters for the names of series: ASCII, and one symbol that stands for every other character. Names that a
 * regular expression tells apart by characters beyond ASCII are not told apart here.
 */
export type CharSet = Uint8Array;

/** Stands for the characters beyond ASCII. */
const OTHER = 128;
const SYMBOLS = OTHER + 1;

/** Symbols from which examples are made, the most readable first. */
const READABLE = 'xyzabcdefghijklmnopqrstuvw_0123456789XYZABCDEFGHIJKLMNOPQRSTUVW:';

function emptySet(): CharSet {
  return new Uint8Array(SYMBOLS);
}

/** Every character. */
export function anyChar(): CharSet {
  return emptySet().fill(1);
}

/** The characters from one to another, by their codes. */
export function rangeSet(from: number, to: number): CharSet {
  const set = emptySet();
  for (let code = from; code <= Math.min(to, OTHER - 1); code++) set[code] = 1;
  if (to >= OTHER) set[OTHER] = 1;
  return set;
}

/** The characters of a text. */
export function charsOf(text: string): CharSet {
  return union(Array.from(text, (char) => rangeSet(symbolOf(char), symbolOf(char))));
}

export function union(sets: readonly CharSet[]): CharSet {
  const result = emptySet();
  for (const set of sets)
    for (let symbol = 0; symbol < SYMBOLS; symbol++) result[symbol] ||= set[symbol] ?? 0;
  return result;
}

export function complement(set: CharSet): CharSet {
  return set.map((member) => 1 - member);
}

/** The set with each ASCII letter in both cases. */
export function bothCases(set: CharSet): CharSet {
  const result = set.slice();
  for (let lower = 97; lower <= 122; lower++) {
    const either = (set[lower] ?? 0) | (set[lower - 32] ?? 0);
    result[lower] = either;
    result[lower - 32] = either;
  }
  return result;
}

/** The symbol of a character. */
export function symbolOf(char: string): number {
  return Math.min(char.codePointAt(0) ?? OTHER, OTHER);
}

/** A character that a symbol stands for. */
export function charOf(symbol: number): string {
  return symbol === OTHER ? '\u{e9}' : String.fromCodePoint(symbol);
}

/** One symbol of each group that the sets do not tell apart, the most readable of the group. */
export function representatives(sets: readonly CharSet[]): number[] {
  const order = [
    ...Array.from(READABLE, symbolOf),
    ...Array.from({ length: SYMBOLS }, (_, symbol) => symbol),
  ];
  const found = new Map<string, number>();
  for (const symbol of order) {
    const signature = sets.map((set) => set[symbol] ?? 0).join('');
    if (!found.has(signature)) found.set(signature, symbol);
  }
  return [...found.values()];
}
