import { type GoString } from '../../kube/go-string';
import { compareFunctions } from './comparison';
import { htmlEscaped, jsEscaped, queryEscaped } from './escaping';
import { index, length, slice } from './indexing';
import { sprint, sprintf, sprintln } from './printf';
import { TemplateError } from './template-error';
import { isTrue, type MaybeValue, typeName } from './value';

/** Type of a parameter: `reflect.Value`, `interface {}` or `string`. */
export type ParameterType = 'value' | 'any' | 'string';

/** A function that templates can call. */
export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** Type of any further arguments; without it there may be none. */
  readonly variadic?: ParameterType | undefined;
  /** @throws TemplateError with the reason */
  readonly call: (...values: readonly MaybeValue[]) => MaybeValue;
}

function call(parameters: readonly ParameterType[], body: TemplateFunction['call']): TemplateFunction {
  return { parameters, call: body };
}

function variadic(
  parameters: readonly ParameterType[],
  rest: ParameterType,
  body: TemplateFunction['call'],
): TemplateFunction {
  return { parameters, variadic: rest, call: body };
}

function unreachable(): never {
  throw new Error('evaluated where it is called');
}

/** The functions of text/template. `and`, `or` and `call` are evaluated where they are called. */
export const FUNCTIONS: ReadonlyMap<GoString, TemplateFunction> = new Map([
  ['and', variadic(['value'], 'value', unreachable)],
  ['or', variadic(['value'], 'value', unreachable)],
  ['call', variadic(['value'], 'value', unreachable)],
  ['not', call(['value'], (value) => !isTrue(value))],
  ['len', call(['value'], (value) => BigInt(length(value)))],
  ['index', variadic(['value'], 'value', index)],
  ['slice', variadic(['value'], 'value', slice)],
  ['print', variadic([], 'any', (...values) => sprint(values))],
  ['println', variadic([], 'any', (...values) => sprintln(values))],
  ['printf', variadic(['string'], 'any', (format, ...values) => sprintf(stringOf(format), values))],
  ['html', variadic([], 'any', (...values) => htmlEscaped(textOf(values)))],
  ['js', variadic([], 'any', (...values) => jsEscaped(textOf(values)))],
  ['urlquery', variadic([], 'any', (...values) => queryEscaped(textOf(values)))],
  ...Object.entries(compareFunctions).map(
    ([name, { variadic: isVariadic, compare }]) =>
      [name, isVariadic ? variadic(['value'], 'value', compare) : call(['value', 'value'], compare)] as const,
  ),
]);

/**
 * `call`, whose argument is never a function here.
 * @throws TemplateError always
 */
export function callValue(name: GoString, value: MaybeValue): never {
  if (value === undefined) throw new TemplateError('call of nil');
  throw new TemplateError(`non-function ${name} of type ${typeName(value)}`);
}

/** What an escaping function escapes: its arguments as they would be printed, no value among them. */
function textOf(values: readonly MaybeValue[]): GoString {
  return sprint(values.map((value) => value ?? '<no value>'));
}

function stringOf(value: MaybeValue): GoString {
  return typeof value === 'string' ? value : '';
}
