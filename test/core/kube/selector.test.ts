import fc from 'fast-check';
import { messageOf, UsageError } from '../../../core/errors';
import { Selector } from '../../../core/kube/selector';

describe('Selector', () => {
  it('matches everything when it is empty', () => {
    expect(Selector.from(undefined).matches({ a: 'b' })).toBe(true);
    expect(Selector.from({}).empty).toBe(true);
  });

  it.each([
    ['In', ['x', 'y'], { k: 'x' }, true],
    ['In', ['x'], {}, false],
    ['NotIn', ['x'], {}, true],
    ['NotIn', ['x'], { k: 'x' }, false],
    ['Exists', [], { k: '' }, true],
    ['Exists', [], {}, false],
    ['DoesNotExist', [], {}, true],
    ['DoesNotExist', [], { k: 'x' }, false],
  ])('%s %j on %j is %s', (operator, values, labels: Record<string, string>, expected) => {
    expect(Selector.from({ matchExpressions: [{ key: 'k', operator, values }] }).matches(labels)).toBe(
      expected,
    );
  });

  it('refuses an operator that Kubernetes does not know', () => {
    expect(() => Selector.from({ matchExpressions: [{ key: 'k', operator: 'Like', values: [] }] })).toThrow(
      '"Like" is not a valid label selector operator',
    );
  });

  it.each([
    ['a=b', { a: 'b' }, true],
    ['a==b,c!=d', { a: 'b', c: 'e' }, true],
    ['a in (b, c),!d', { a: 'c' }, true],
    ['a notin (b),d', { d: '1' }, true],
    ['a=b', { a: 'c' }, false],
    ['', { a: 'c' }, true],
    ['a==b', { a: 'b' }, true],
    ['a>1', { a: '2' }, true],
    ['a>1', { a: '1' }, false],
    ['a < 10', { a: '9' }, true],
    ['a<10', { a: '+9' }, true],
    ['a<10', { a: '-9223372036854775808' }, true],
    ['a>9223372036854775806', { a: '9223372036854775807' }, true],
    ['a>1', { a: '9223372036854775808' }, false],
    ['a>007', { a: '8' }, true],
    ['a>1', { a: '2.0' }, false],
    ['a>1', {}, false],
  ])('reads the text %s', (text, labels: Record<string, string>, expected) => {
    expect(Selector.parse(text).matches(labels)).toBe(expected);
  });

  it.each([
    ['', ''],
    [' \t', ''],
    ['b,a', 'a,b'],
    ['a', 'a'],
    ['! a', '!a'],
    ['a=', 'a='],
    ['a = ,b!=', 'a=,b!='],
    ['a==b', 'a==b'],
    ['a > 1,b<2', 'a>1,b<2'],
    ['a in (c,,b,c)', 'a in (,b,c)'],
    ['a in ()', 'a in ()'],
    ['a notin(,x)', 'a notin (,x)'],
    ['a in (x, )', 'a in (,x)'],
    ['a in (,,)', 'a in ()'],
    ['a in(b)', 'a in (b)'],
    ['in in (in,notin),notin', 'in in (in,notin),notin'],
    ['!in', '!in'],
    ['a=in', 'a=in'],
    ['x/y\t!=\nb', 'x/y!=b'],
    ['app.kubernetes.io/name=a_b.c', 'app.kubernetes.io/name=a_b.c'],
    ['a=b\0,c', 'a=b,c'],
    ['a=b,c\0', 'a=b,c'],
    ['\0a', ''],
    ['a=\0b', 'a=b'],
    ['a=\0\0b', 'a='],
    ['a,\0b', 'a,b'],
  ])('prints %j as %j', (text, printed) => {
    expect(Selector.parse(text).toString()).toBe(printed);
  });

  const IN_REQUIREMENT = 'unable to parse requirement: ';
  const NAME =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  const VALUE =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
    "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  const LONG = 'x'.repeat(64);

  it.each([
    ['=b', "found '=', expected: !, identifier, or 'end of string'"],
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['(a)', "found '(', expected: !, identifier, or 'end of string'"],
    ['!=a', "found '!=', expected: !, identifier, or 'end of string'"],
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a=b)', "found ')', expected: ',' or 'end of string'"],
    ['a in (x))', "found ')', expected: ',' or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a=b\0c', "found 'c', expected: ',' or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a,\0\0b', "found '', expected: identifier after ','"],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['!', `${IN_REQUIREMENT}found '', expected: identifier`],
    ['! =', `${IN_REQUIREMENT}found '=', expected: identifier`],
    ['a=(b)', `${IN_REQUIREMENT}found '(', expected: identifier`],
    ['a b', `${IN_REQUIREMENT}found 'b', expected: in, notin, =, ==, !=, gt, lt`],
    ['a\0b', `${IN_REQUIREMENT}found 'b', expected: in, notin, =, ==, !=, gt, lt`],
    ['a gt 1', `${IN_REQUIREMENT}found 'gt', expected: in, notin, =, ==, !=, gt, lt`],
    ['inin(a)', `${IN_REQUIREMENT}found '(', expected: in, notin, =, ==, !=, gt, lt`],
    ['a in b', `${IN_REQUIREMENT}found 'b' expected: '('`],
    ['a in', `${IN_REQUIREMENT}found '' expected: '('`],
    ['a in (b', `${IN_REQUIREMENT}found '', expected: ',' or ')'`],
    ['a in (b c)', `${IN_REQUIREMENT}found 'c', expected: ',' or ')'`],
    ['a in (=)', `${IN_REQUIREMENT}found '=', expected: ',', ')' or identifier`],
    ['a in (,=)', `${IN_REQUIREMENT}found '=', expected: ',', or identifier`],
    ['é', `${IN_REQUIREMENT}<nil>: Invalid value: "é": name part ${NAME}`],
    ['-a=b', `${IN_REQUIREMENT}<nil>: Invalid value: "-a": name part ${NAME}`],
    ['\x7f', `${IN_REQUIREMENT}<nil>: Invalid value: "\\x7f": name part ${NAME}`],
    ['a/', `${IN_REQUIREMENT}<nil>: Invalid value: "a/": name part must be non-empty; name part ${NAME}`],
    ['/a', `${IN_REQUIREMENT}<nil>: Invalid value: "/a": prefix part must be non-empty`],
    [
      'a/b/c',
      `${IN_REQUIREMENT}<nil>: Invalid value: "a/b/c": a valid label key ${NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ],
    [
      'A/b',
      `${IN_REQUIREMENT}<nil>: Invalid value: "A/b": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
    [LONG, `${IN_REQUIREMENT}<nil>: Invalid value: "${LONG}": name part must be no more than 63 bytes`],
    [`a=${LONG}`, `${IN_REQUIREMENT}values[0][a]: Invalid value: "${LONG}": must be no more than 63 bytes`],
    ['a=b-', `${IN_REQUIREMENT}values[0][a]: Invalid value: "b-": ${VALUE}`],
    [
      'a in (x,_,-)',
      `${IN_REQUIREMENT}[values[0][a]: Invalid value: "-": ${VALUE}, values[1][a]: Invalid value: "_": ${VALUE}]`,
    ],
    [
      'a>x',
      `${IN_REQUIREMENT}values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      'a<',
      `${IN_REQUIREMENT}values[0]: Invalid value: "": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      'a>9223372036854775808',
      `${IN_REQUIREMENT}values[0]: Invalid value: "9223372036854775808": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    ['a>-1', `${IN_REQUIREMENT}values[0][a]: Invalid value: "-1": ${VALUE}`],
  ])('refuses the text %j as Go does', (text, message) => {
    expect(() => Selector.parse(text)).toThrow(new UsageError(message));
    expect(() => Selector.parse(text)).toThrow(UsageError);
  });

  it('says what the parser of an older Kubernetes says', () => {
    const problem = (text: string, minor: number): string => {
      try {
        return Selector.parse(text, minor).toString();
      } catch (error) {
        return messageOf(error);
      }
    };
    expect(problem('a in (x,,)', 35)).toBe('a in (,x)');
    expect(problem('a in (x,,)', 34)).toBe(`${IN_REQUIREMENT}found ')', expected: ',', or identifier`);
    expect(problem('a in (,,x)', 34)).toBe('a in (,x)');
    expect(problem(LONG, 34)).toMatch(/: name part must be no more than 63 characters$/);
    expect(problem(`a=${LONG}`, 34)).toMatch(/: must be no more than 63 characters$/);
    expect(problem('a/b/c', 34)).toMatch(/: a qualified name must consist of/);
  });

  it.each([
    ['In', undefined, 'label selector on "k": In needs at least one value'],
    ['NotIn', [], 'label selector on "k": NotIn needs at least one value'],
    ['Exists', ['x'], 'label selector on "k": Exists takes no values'],
    ['DoesNotExist', ['x'], 'label selector on "k": DoesNotExist takes no values'],
  ])('refuses %s with %j', (operator, values, reason) => {
    expect(() => Selector.from({ matchExpressions: [{ key: 'k', operator, values }] })).toThrow(reason);
  });

  it.each(['constructor', 'toString', 'valueOf'])('takes %s for a label like any other', (key) => {
    expect(Selector.parse(key).matches({})).toBe(false);
    expect(Selector.parse(`!${key}`).matches({})).toBe(true);
    expect(Selector.parse(`${key}=x`).matches(Object.fromEntries([[key, 'x']]))).toBe(true);
  });

  it('reads back what it prints', () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/);
    const expression = fc.oneof(
      fc.record({
        key: word,
        operator: fc.constantFrom('In', 'NotIn'),
        values: fc.array(word, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
    fc.assert(
      fc.property(
        fc.array(expression, { maxLength: 4 }),
        fc.dictionary(word, word),
        (matchExpressions, labels) => {
          const selector = Selector.from({ matchExpressions });
          expect(Selector.parse(selector.toString()).matches(labels)).toBe(selector.matches(labels));
        },
      ),
    );
  });
});
