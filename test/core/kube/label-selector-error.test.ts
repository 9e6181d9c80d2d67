import { labelSelectorError } from '../../../core/kube/label-selector-error';
import { type LabelSelector, Selector } from '../../../core/kube/selector';

const NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const NEEDS_VALUES = "for 'in', 'notin' operators, values set can't be empty";
const TAKES_NONE = 'values set must be empty for exists and does not exist';

function expression(key: string, operator: string, values?: readonly string[]): LabelSelector {
  return { matchExpressions: [{ key, operator, values }] };
}

describe('labelSelectorError', () => {
  it.each<LabelSelector>([
    {},
    { matchLabels: { a: '', 'x.y/z': 'a_b.c' } },
    expression('a', 'In', ['', 'b', 'b']),
    expression('a', 'NotIn', ['b']),
    expression('a', 'Exists'),
    expression('a', 'DoesNotExist', []),
  ])('accepts %j', (selector) => {
    expect(labelSelectorError(selector)).toBeUndefined();
  });

  it.each<[LabelSelector, string]>([
    [{ matchLabels: { '': 'b' } }, `key: Invalid value: "": name part must be non-empty; ${NAME}`],
    [{ matchLabels: { a: '-' } }, `values[0][a]: Invalid value: "-": ${VALUE}`],
    [
      { matchLabels: { '-': '<"é">' } },
      `[key: Invalid value: "-": ${NAME}, values[0][-]: Invalid value: "<\\"é\\">": ${VALUE}]`,
    ],
    [expression('a', 'Like'), '"Like" is not a valid label selector operator'],
    [expression('-', 'in', ['b']), '"in" is not a valid label selector operator'],
    [expression('a', '\t"'), '"\\t\\"" is not a valid label selector operator'],
    [expression('a', 'In'), `values: Invalid value: null: ${NEEDS_VALUES}`],
    [expression('a', 'NotIn', []), `values: Invalid value: null: ${NEEDS_VALUES}`],
    [
      expression('a', 'Exists', ['b', '<']),
      `[values: Invalid value: ["b","\\u003c"]: ${TAKES_NONE}, values[1][a]: Invalid value: "<": ${VALUE}]`,
    ],
    [expression('a', 'DoesNotExist', ['']), `values: Invalid value: [""]: ${TAKES_NONE}`],
    [
      expression('-', 'In'),
      `[key: Invalid value: "-": ${NAME}, values: Invalid value: null: ${NEEDS_VALUES}]`,
    ],
    [
      expression('a', 'In', ['b', '-', '_']),
      `[values[1][a]: Invalid value: "-": ${VALUE}, values[2][a]: Invalid value: "_": ${VALUE}]`,
    ],
    [
      {
        matchExpressions: [
          { key: 'a', operator: 'Exists' },
          { key: 'b', operator: 'Exists', values: ['c'] },
          { key: 'c', operator: 'Like' },
        ],
      },
      `values: Invalid value: ["c"]: ${TAKES_NONE}`,
    ],
  ])('refuses %j as Go does', (selector, message) => {
    expect(labelSelectorError(selector)).toBe(message);
  });

  it('names the first wrong label by key, before any expression', () => {
    const wrong = { matchLabels: { b: '-', a: '_', c: 'd' }, ...expression('e', 'Like') };
    expect(labelSelectorError(wrong)).toBe(`values[0][a]: Invalid value: "_": ${VALUE}`);
  });

  it('printed lists as Go writes them up to 1.33', () => {
    expect(labelSelectorError(expression('a', 'In'), 34)).toBe(
      `values: Invalid value: null: ${NEEDS_VALUES}`,
    );
    expect(labelSelectorError(expression('a', 'In'), 33)).toBe(
      `values: Invalid value: []string(nil): ${NEEDS_VALUES}`,
    );
    expect(labelSelectorError(expression('a', 'Exists', ['b', 'c']), 33)).toBe(
      `values: Invalid value: []string{"b", "c"}: ${TAKES_NONE}`,
    );
  });

  it('counted characters and knew no label keys up to 1.34', () => {
    const long = { matchLabels: { a: 'é'.repeat(32) } };
    expect(labelSelectorError(long, 35)).toMatch(/: must be no more than 63 bytes; a valid label/);
    expect(labelSelectorError(long, 34)).toMatch(/: must be no more than 63 characters; a valid label/);
    expect(labelSelectorError(expression('a/b/c', 'Exists'), 35)).toMatch(/: a valid label key must/);
    expect(labelSelectorError(expression('a/b/c', 'Exists'), 34)).toMatch(/: a qualified name must/);
  });

  it('is stricter than Selector.from, which takes the keys of Cilium', () => {
    const cilium = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'backend' } };
    expect(labelSelectorError(cilium)).toMatch(/^key: Invalid value: "k8s:io\.kubernetes\.pod\.namespace": /);
    expect(Selector.from(cilium).matches({ 'k8s:io.kubernetes.pod.namespace': 'backend' })).toBe(true);
  });
});
