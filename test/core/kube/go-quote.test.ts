import fc from 'fast-check';
import { goQuote, goUnquote } from '../../../core/kube/go-quote';

describe('goQuote', () => {
  it.each([
    ['plain', '"plain"'],
    ['', '""'],
    ['a"b', '"a\\"b"'],
    ['a\\.b', '"a\\\\.b"'],
    ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\x00\x1f\x7f', '"\\x00\\x1f\\x7f"'],
    ['\u0080\u00a0\u2028', '"\\u0080\\u00a0\\u2028"'],
    ['grün 日本 🚢', '"grün 日本 🚢"'],
    ['\u{e0001}', '"\\U000e0001"'],
  ])('quotes %j as Go does', (text, quoted) => {
    expect(goQuote(text)).toBe(quoted);
  });

  it('leaves printable ASCII without quotes and backslashes as it is', () => {
    const plain = fc.string({ unit: 'grapheme-ascii' }).filter((text) => !/["\\]/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(goQuote(text)).toBe(`"${text}"`);
      }),
    );
  });

  it('is read back to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(goUnquote(goQuote(text))).toBe(text);
      }),
    );
  });
});

describe('goUnquote', () => {
  it.each([
    ['`a\\n"b`', 'a\\n"b'],
    ["'a\\'b'", "a'b"],
    [String.raw`"\101\x42\u0043\U00000044"`, 'ABCD'],
    [String.raw`"\ud7ff\ue000\U0010ffff"`, '\ud7ff\ue000\u{10ffff}'],
  ])('reads %s', (quoted, text) => {
    expect(goUnquote(quoted)).toBe(text);
  });

  it.each([
    [String.raw`"\'"`, String.raw`unknown escape sequence \'`],
    [String.raw`"\q"`, String.raw`unknown escape sequence \q`],
    [String.raw`"\777"`, 'invalid Unicode code point'],
    [String.raw`"\ud800"`, 'invalid Unicode code point'],
    [String.raw`"\udfff"`, 'invalid Unicode code point'],
    [String.raw`"\U00110000"`, 'invalid Unicode code point'],
    [String.raw`"\x80"`, String.raw`not supported: string escape \x80 for a single byte above 0x7f`],
  ])('refuses %s', (quoted, reason) => {
    expect(() => goUnquote(quoted)).toThrow(reason);
  });
});
