import fc from 'fast-check';
import { goQuote } from '../../../core/rules/go-quote';

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

  it('escapes ASCII so that reading the escapes gives the text back', () => {
    const ascii = fc.string({
      unit: fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)),
    });
    const named: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
    fc.assert(
      fc.property(ascii, (text) => {
        const read = goQuote(text)
          .slice(1, -1)
          .replace(/\\(?:x(..)|(.))/g, (_, hex?: string, name = '') =>
            hex === undefined
              ? (named[String(name)] ?? String(name))
              : String.fromCharCode(Number.parseInt(hex, 16)),
          );
        expect(read).toBe(text);
      }),
    );
  });
});
