import { toGoString } from '../../../../core/kube/go-string';
import { sprint, sprintf } from '../../../../core/rules/template/printf';
import { GoByte, GoMap, GoSlice, type MaybeValue } from '../../../../core/rules/template/value';

const list = new GoSlice(['a', 'b']);
const table = new GoMap([
  ['pod', 'p'],
  ['ns', 'n'],
]);

describe('printf', () => {
  it.each<[string, MaybeValue[], string]>([
    ['%s|%v|%q|%x|%X', ['ab', 'ab', 'a"b', 'ab', 'ab'], 'ab|ab|"a\\"b"|6162|6162'],
    ['%5s|%-5s|%05s|%.1s', ['ab', 'ab', 'ab', 'ab'], '   ab|ab   |000ab|a'],
    ['% x|%#x|%# x', ['ab', 'ab', 'ab'], '61 62|0x6162|0x61 0x62'],
    [
      '%#q|%+q|%q',
      ['a', 'é', '\xff'].map((text) => (text === '\xff' ? text : toGoString(text))),
      '`a`|"\\u00e9"|"\\xff"',
    ],
    ['%d|%5d|%-5d|%05d|%+d|% d', [7n, 7n, 7n, -7n, 7n, 7n], '7|    7|7    |-0007|+7| 7'],
    ['%x|%X|%o|%O|%b|%#x|%#b', [255n, 255n, 8n, 8n, 5n, -255n, 5n], 'ff|FF|10|0o10|101|-0xff|0b101'],
    ['%c|%q|%U|%#U', [65n, 65n, 65n, 65n], "A|'A'|U+0041|U+0041 'A'"],
    [
      '%v|%f|%.2f|%e|%g|%G',
      [1.5, 1.5, 2.675, 1500, 1e21, 1e-7],
      '1.5|1.500000|2.67|1.500000e+03|1e+21|1E-07',
    ],
    ['%8.3f|%-8.1f|%+.0f|%08.2f', [3.14159, 2.5, 2.5, -1.5], '   3.142|2.5     |+2|-0001.50'],
    ['%x|%b|%#g', [1.5, 1, 1], '0x1.8p+00|4503599627370496p-52|1.00000'],
    ['%t|%v|%5t', [true, false, true], 'true|false| true'],
    ['%v|%s|%q|%#v', [list, list, list, list], '[a b]|[a b]|["a" "b"]|[]string{"a", "b"}'],
    [
      '%v|%#v|%q',
      [table, table, table],
      'map[ns:n pod:p]|map[string]string{"ns":"n", "pod":"p"}|map["ns":"n" "pod":"p"]',
    ],
    ['%T %T %T %T %T', ['', 1n, 1, list, new GoByte(1)], 'string int float64 []string uint8'],
    ['%[2]s %[1]s', ['a', 'b'], 'b a'],
    ['%*d|%-*d|%.*f', [4n, 7n, 4n, 7n, 1n, 2.55], '   7|7   |2.5'],
    ['100%%', [], '100%'],
    ['%v', [undefined], '<nil>'],
  ])('prints %s', (format, values, expected) => {
    expect(sprintf(toGoString(format), values)).toBe(toGoString(expected));
  });

  it.each<[string, MaybeValue[], string]>([
    ['%d', ['x'], '%!d(string=x)'],
    ['%d', [list], '[%!d(string=a) %!d(string=b)]'],
    ['%s', [undefined], '%!s(<nil>)'],
    ['%s', [1n], '%!s(int=1)'],
    ['%y', [1.5], '%!y(float64=1.5)'],
    ['%s %s', ['a'], 'a %!s(MISSING)'],
    ['%s', ['a', 1n, list], 'a%!(EXTRA int=1, []string=[a b])'],
    ['%', [], '%!(NOVERB)'],
    ['%[5]s', ['a'], '%!s(BADINDEX)'],
    ['%*d', ['a', 1n], '%!(BADWIDTH)1'],
    ['%.*d', [-1n, 1n], '%!(BADPREC)1'],
  ])('shows what is wrong with %s', (format, values, expected) => {
    expect(sprintf(format, values)).toBe(expected);
  });
});

describe('print', () => {
  it('sets a space between neighbours of which neither is a string', () => {
    expect(sprint([1n, 2n, 'a', 3n, 4n])).toBe('1 2a3 4');
  });
});
