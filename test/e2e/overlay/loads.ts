import { UsageError } from '../../../core/errors';
import { changeWords } from './containers';
import type { ObjectEdit } from './object-edit';
import type { Times } from './times';
import { flagChanges, type WordChange } from './words';

/** Requests that hey sends where neither `-n` nor `-z` says it. */
const DEFAULT_REQUESTS = '200';

/**
 * How long load generators send. Their rates stay, and so do the pauses between two requests: they are rates too.
 * A number of requests shrinks like a length of time.
 */
export function scaleLoads(edit: ObjectEdit, times: Times): void {
  changeWords(edit, (words, _, where) => {
    const [program = '', flag = '', script] = words;
    if (/(^|\/)(ba|a|da)?sh$/.test(program) && /^-[a-z]*c$/.test(flag) && script !== undefined) {
      const to = scaledScript(script, times, where);
      return to === script ? [] : [{ index: 2, to }];
    }
    return [...heyChanges(words, times, where), ...vegetaChanges(words, times, where)];
  });
}

function heyChanges(words: readonly string[], times: Times, where: string): WordChange[] {
  const hey = words.findIndex((word) => /(^|\/)hey$/.test(word));
  if (hey < 0) return [];
  const durations = flagChanges(words, 'z', (text) => times.go(text, where), hey + 1);
  if (durations.length > 0) return durations;
  const counts = flagChanges(words, 'n', (text) => String(times.count(Number(text), where)), hey + 1);
  if (counts.length > 0) return counts;
  throw new UsageError(
    `${where}: hey sends ${DEFAULT_REQUESTS} requests because nothing else is said; write -n or -z, so that it can be changed`,
  );
}

function vegetaChanges(words: readonly string[], times: Times, where: string): WordChange[] {
  const attack = words.indexOf('attack');
  if (attack < 0) return [];
  const changes = flagChanges(words, 'duration', (text) => times.go(text, where), attack + 1);
  return changes.filter(({ index, to }) => words[index] !== to);
}

/** A script of a shell: the words of its loop, and the flags of the generators that it starts. */
function scaledScript(script: string, times: Times, where: string): string {
  return script
    .replace(
      /\bseq((?:\s+-?\d+){1,3})/g,
      (_, numbers: string) => `seq ${scaledSequence(numbers, times, where)}`,
    )
    .replace(/\{(-?\d+)\.\.(-?\d+)\}/g, (_, first: string, last: string) => {
      const scaled = scaledSequence(`${first} ${last}`, times, where);
      return `{${scaled.replace(' ', '..')}}`;
    })
    .replace(
      /(\bhey\b.*?\s-z[ =])(\S+)/g,
      (_, before: string, text: string) => before + times.go(text, where),
    )
    .replace(
      /(\bhey\b.*?\s-n[ =])(\d+)/g,
      (_, before: string, text: string) => before + String(times.count(Number(text), where)),
    )
    .replace(
      /(\s--?duration[ =])(\S+)/g,
      (_, before: string, text: string) => before + times.go(text, where),
    );
}

/** `LAST`, `FIRST LAST` or `FIRST INCREMENT LAST` with fewer numbers, from the same first one on. */
function scaledSequence(text: string, times: Times, where: string): string {
  const numbers = text.trim().split(/\s+/).map(Number);
  const last = numbers.at(-1) ?? 0;
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : Math.sign(last - first) || 1;
  const length = Math.floor((last - first) / step) + 1;
  const scaled = times.count(length, where);
  return [...numbers.slice(0, -1), first + (scaled - 1) * step].join(' ');
}
