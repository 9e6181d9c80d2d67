import { quoteString } from './quoting';

const DIGITS = String.raw`\d(?:_?\d)*`;
const PLAIN = /^(?:0|[1-9]\d{0,14})$/;
const INTEGER = new RegExp(String.raw`^(?:0[xX](?:_?[0-9a-fA-F])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$`);
const FLOAT = new RegExp(String.raw`^(?:${DIGITS}(?:\.(?:${DIGITS})?)?|\.${DIGITS})(?:[eE][+-]?${DIGITS})?$`);
const LARGEST_INTEGER = 2n ** 63n - 1n;

/** The value of a number, or what Prometheus says about it. */
export type ParsedNumber = number | { readonly problem: string };

/**
 * The value of a number: an integer as Go has it (decimal, hexadecimal, octal after a leading zero, `_` between
 * digits) if it fits into 64 bits; otherwise a decimal fraction.
 */
export function parseNumber(text: string): ParsedNumber {
  if (PLAIN.test(text)) return Number(text);
  if (/^[in]/i.test(text)) return text.toLowerCase() === 'inf' ? Infinity : Number.NaN;
  return parseInteger(text) ?? parseFloat64(text);
}

function parseInteger(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  return value > LARGEST_INTEGER ? undefined : Number(value);
}

function parseFloat64(text: string): ParsedNumber {
  const value = FLOAT.test(text) ? Number(text.replaceAll('_', '')) : undefined;
  if (value !== undefined && Number.isFinite(value)) return value;
  const reason = value === undefined ? 'invalid syntax' : 'value out of range';
  return { problem: `error parsing number: strconv.ParseFloat: parsing ${quoteString(text)}: ${reason}` };
}
