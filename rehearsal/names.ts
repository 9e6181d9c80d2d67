/** The letters that Kubernetes makes names of: no vowels, no digits that look like letters. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** 32-bit FNV-1a. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A suffix as Kubernetes appends to generated names, the same for the same text. */
export function suffix(text: string, length: number): string {
  let state = hash32(text);
  let result = '';
  while (result.length < length) {
    result += LETTERS.charAt(state % LETTERS.length);
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0;
  }
  return result;
}
