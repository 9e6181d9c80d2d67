import { messageOf } from '../../errors';
import { goQuote } from '../../kube/go-quote';
import { parseInt64 } from '../../kube/parse-int64';
import { Selector } from '../../kube/selector';
import { type FieldTerm, parseFieldSelector } from './field-selector';
import { type Query } from './request-target';

/** `metav1.ListOptions` as far as the metrics APIs look at them. */
export interface ListOptions {
  readonly labelSelector: Selector;
  readonly fields: readonly FieldTerm[];
  readonly watch: boolean;
}

/** The selectors and their messages are those of the library that upstream is built with. */
const SELECTOR_MINOR = 30;

/** Decodes the parameters of a list; the error is upstream's text. */
export function parseListOptions(query: Query): ListOptions | { readonly error: string } {
  const wrongInteger = integerError(query, 'timeoutSeconds') ?? integerError(query, 'limit');
  if (wrongInteger !== undefined) return { error: wrongInteger };
  const selector = parseSelector(query.first('labelSelector') ?? '');
  if ('error' in selector) return selector;
  const fields = parseFieldSelector(query.first('fieldSelector') ?? '');
  if ('error' in fields) return fields;
  return { labelSelector: selector, fields: fields.terms, watch: isTrue(query.first('watch')) };
}

/** `Selector.parse` with its error as a value. */
export function parseSelector(text: string): Selector | { readonly error: string } {
  if (text === '') return Selector.everything;
  try {
    return Selector.parse(text, SELECTOR_MINOR);
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** A parameter that is there means yes, unless it says no. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
}

function integerError(query: Query, name: string): string | undefined {
  const value = query.first(name);
  if (value === undefined || parseInt64(value) !== undefined) return undefined;
  const problem = /^[+-]?\d+$/.test(value) ? 'value out of range' : 'invalid syntax';
  return `strconv.ParseInt: parsing ${goQuote(value)}: ${problem}`;
}

const EXACT = 'Exact';
const NOT_OLDER = 'NotOlderThan';

/** One thing that `ValidateListOptions` refuses. */
export interface OptionProblem {
  readonly type: 'FieldValueForbidden' | 'FieldValueNotSupported';
  readonly field: string;
  /** Without the field. */
  readonly message: string;
}

/** What a list that is otherwise well-formed must not ask for. */
export function listOptionProblems(query: Query): readonly OptionProblem[] {
  const match = query.first('resourceVersionMatch') ?? '';
  const version = query.first('resourceVersion') ?? '';
  const problems: OptionProblem[] = [];
  const forbid = (field: string, detail: string): void => {
    problems.push({ type: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` });
  };
  if (match !== '') {
    const field = 'resourceVersionMatch';
    if (version === '') forbid(field, `${field} is forbidden unless resourceVersion is provided`);
    if ((query.first('continue') ?? '') !== '')
      forbid(field, `${field} is forbidden when continue is provided`);
    if (match !== EXACT && match !== NOT_OLDER) {
      const message = `Unsupported value: ${goQuote(match)}: supported values: "${EXACT}", "${NOT_OLDER}", ""`;
      problems.push({ type: 'FieldValueNotSupported', field, message });
    }
    if (match === EXACT && version === '0')
      forbid(field, `${field} "exact" is forbidden for resourceVersion "0"`);
  }
  if (query.all('sendInitialEvents').length > 0) {
    forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
  return problems;
}
