import { parseDuration, secondsOf } from './duration-literal';
import { parseNumber } from './literals';
import { type TokenStream } from './token-stream';

/** Takes a number, or a duration as its seconds; the caller has seen that there is one. */
export function readNumber(stream: TokenStream): number {
  const { kind, text, start } = stream.next();
  const parsed = kind === 'duration' ? parseDuration(text) : parseNumber(text);
  if (typeof parsed !== 'number') return stream.fail(start, parsed.problem);
  return kind === 'duration' ? secondsOf(parsed) : parsed;
}

/** Takes a number with or without a sign; undefined, with the sign taken, if there is none. */
export function readSignedNumber(stream: TokenStream): number | undefined {
  const isNegative = stream.accept('-') !== undefined;
  if (!isNegative) stream.accept('+');
  const { kind } = stream.peek();
  if (kind !== 'number' && kind !== 'duration') return undefined;
  const value = readNumber(stream);
  return isNegative ? -value : value;
}
