import { goQuote } from './go-quote';
import { type Quantity } from './quantity';

/** Stands for a Kubernetes version newer than every change that is known. */
export const NEWEST_MINOR = Number.POSITIVE_INFINITY;

/** Since this minor version a value is printed as JSON if its type has a name, before that as `%#v` prints it. */
const JSON_VALUES_SINCE = 34;

const HTML_CHARACTERS = /[<>&\u2028\u2029]/g;

/** `field.Required` of `k8s.io/apimachinery/pkg/util/validation/field`, as its `Error()` prints it. */
export function required(path: string, detail: string): string {
  return detail === '' ? `${path}: Required value` : `${path}: Required value: ${detail}`;
}

/** `field.Forbidden`. */
export function forbidden(path: string, detail: string): string {
  return `${path}: Forbidden: ${detail}`;
}

/**
 * `field.Invalid`.
 * @param value already printed: a number, or the text of one of the functions below
 */
export function invalid(path: string, value: number | string, detail: string): string {
  return `${path}: Invalid value: ${value}: ${detail}`;
}

/** `field.NotSupported`, with the value as in {@link invalid}. */
export function notSupported(path: string, value: string, supported: readonly string[]): string {
  return `${path}: Unsupported value: ${value}: supported values: ${supported.map(goQuote).join(', ')}`;
}

/** A value whose Go type is a string type with a name of its own, such as an enumeration. */
export function namedStringText(value: string, minor: number): string {
  return minor >= JSON_VALUES_SINCE ? jsonText(value) : goQuote(value);
}

/** A list of strings. Go tells a list that was never made from an empty one; this is the former. */
export function stringListText(values: readonly string[], minor: number): string {
  if (minor >= JSON_VALUES_SINCE) return values.length === 0 ? 'null' : `[${values.map(jsonText).join(',')}]`;
  return values.length === 0 ? '[]string(nil)' : `[]string{${values.map(goQuote).join(', ')}}`;
}

/** A pointer to a quantity. */
export function quantityText(value: Quantity, minor: number): string {
  return minor >= JSON_VALUES_SINCE ? jsonText(value.toString()) : value.goSyntax();
}

/** As Go's `json.Marshal` prints a string. */
function jsonText(value: string): string {
  return JSON.stringify(value).replace(
    HTML_CHARACTERS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
