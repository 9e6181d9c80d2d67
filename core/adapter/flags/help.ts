import { FLAG_GROUPS, type Flag } from './flag';
import { FLAGS } from './table';

const USAGE = `Serves custom.metrics.k8s.io, external.metrics.k8s.io and metrics.k8s.io from Prometheus.

Usage: adapter --config=FILE [--flag=value]...

Flags and configuration file are those of prometheus-adapter; flags with a star are not known to it.`;

const WIDTH = 44;

/** What `--help` prints: the flags under their headings, those without effect last and by name alone. */
export function adapterHelp(): string {
  const sections = FLAG_GROUPS.flatMap((name) => {
    const flags = FLAGS.filter(({ group, ignored }) => group === name && ignored === undefined);
    return flags.length === 0 ? [] : [`${name}:\n${flags.map(line).join('\n')}`];
  });
  const ignored = FLAGS.filter((flag) => flag.ignored !== undefined).map(({ name }) => `--${name}`);
  return [
    USAGE,
    ...sections,
    `Accepted without effect, each with a warning that says why:\n${wrapped(ignored)}`,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function line({ name, type, default: byDefault, help, own }: Flag): string {
  const value = type === 'switch' ? '' : ` ${VALUES[type]}`;
  const shown = byDefault === '' || (type === 'switch' && byDefault === 'false') ? '' : ` (${byDefault})`;
  return `  ${`--${name}${value}${own ? ' *' : ''}`.padEnd(WIDTH)} ${help}${shown}`;
}

const VALUES = {
  string: 'TEXT',
  strings: 'A,B',
  repeated: 'TEXT',
  duration: 'TIME',
  integer: 'N',
  number: 'N',
} as const;

const LINE = 110;

function wrapped(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > LINE) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
