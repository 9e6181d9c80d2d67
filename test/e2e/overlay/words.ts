/** A word of a command line that is to be another. */
export interface WordChange {
  readonly index: number;
  readonly to: string;
}

/**
 * Converts the value of a flag, written `--name=value`, `--name value` or with one dash, wherever it stands.
 * @param from first word that may be the flag
 */
export function flagChanges(
  words: readonly string[],
  name: string,
  convert: (value: string) => string,
  from = 0,
): WordChange[] {
  return words.flatMap((word, index) => {
    if (index < from) return [];
    const [, flag, value] = /^--?([^=\s]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (flag !== name) return [];
    if (value !== undefined) return [{ index, to: `${word.slice(0, word.indexOf('='))}=${convert(value)}` }];
    const next = words[index + 1];
    return next === undefined ? [] : [{ index: index + 1, to: convert(next) }];
  });
}
