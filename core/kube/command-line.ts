import type { Container } from './kinds/pod';

/**
 * The words that a container is started with, `command` before `args`, with `$(NAME)` replaced by the container's
 * environment as the kubelet does it: a name that is not known stays as it is, and `$$(NAME)` escapes.
 */
export function commandLine(container: Container): readonly string[] {
  const environment = containerEnvironment(container);
  return [...(container.command ?? []), ...(container.args ?? [])].map((word) => expand(word, environment));
}

/** The variables that a container sets to values of its own; later ones may refer to earlier ones. */
export function containerEnvironment({ env }: Container): ReadonlyMap<string, string> {
  const environment = new Map<string, string>();
  for (const { name, value } of env ?? []) {
    if (value !== undefined) environment.set(name, expand(String(value), environment));
  }
  return environment;
}

function expand(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (environment.get(name) ?? reference),
  );
}

/** Values of a flag of Go's: one dash or two, the value after `=` or as the next word. */
export function flagValues(words: readonly string[], flag: string): readonly string[] {
  return words.flatMap((word, index) => {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    return name === flag ? [value ?? words[index + 1] ?? ''] : [];
  });
}

/** Value of a flag of which the last counts; undefined without it. */
export function flagValue(words: readonly string[], flag: string): string | undefined {
  return flagValues(words, flag).at(-1);
}

/** Whether a flag that may stand without a value is there, and not set to something else than true. */
export function isSwitchedOn(words: readonly string[], flag: string): boolean {
  const word = words.findLast((candidate) => /^--?([^=]+)/.exec(candidate)?.[1] === flag);
  return word !== undefined && /^[^=]+(=(1|t|T|true|TRUE|True))?$/.test(word);
}
