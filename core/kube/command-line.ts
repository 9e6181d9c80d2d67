import type { Container } from './kinds/pod';

/**
 * The words that a container is started with, `command` before `args`, with `$(NAME)` replaced by the container's
 * environment as the kubelet does it: a name that is not known stays as it is, and `$$(NAME)` escapes.
 */
export function commandLine(container: Container): readonly string[] {
  const known = environment(container);
  return [...(container.command ?? []), ...(container.args ?? [])].map((word) => expand(word, known));
}

/** The variables of a container whose values stand in its `env`, expanded as the kubelet does it. */
export function environment({ env = [] }: Pick<Container, 'env'>): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { name, value } of env) {
    if (value !== undefined) known.set(name, expand(String(value), known));
  }
  return known;
}

function expand(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (environment.get(name) ?? reference),
  );
}
