import { compareText } from '../labels';

/** Whether a text comes before another, digits taken for numbers (`github.com/facette/natsort`). */
export function naturalBefore(a: string, b: string): boolean {
  const left = chunks(a);
  const right = chunks(b);
  for (const [index, chunk] of left.entries()) {
    const other = right[index];
    if (other === undefined) return false;
    const order = compareChunks(chunk, other);
    if (order !== 0) return order < 0;
    if (index === left.length - 1) return true;
    if (index === right.length - 1) return false;
  }
  return false;
}

function chunks(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function compareChunks(a: string, b: string): number {
  const left = wholeNumber(a);
  const right = wholeNumber(b);
  if (left === undefined || right === undefined) return compareText(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Undefined for what is no number, or does not fit into 64 bits. */
function wholeNumber(chunk: string): bigint | undefined {
  if (!/^\d+$/.test(chunk)) return undefined;
  const value = BigInt(chunk);
  return value < 2n ** 63n ? value : undefined;
}
