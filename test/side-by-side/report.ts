import type { Outcome } from './side-by-side';

const CONFIGURATION_LINES = 25;

/** What was found, for people. */
export function reportText({
  findings,
  known,
  configurations,
  refused,
  requests,
  values,
  seconds,
}: Outcome): string {
  const head =
    `${configurations} configurations (${refused} refused by upstream), ${requests} requests, ` +
    `${values} of them answered with values by both, in ${seconds.toFixed(0)} s: ` +
    `${findings.length} kinds of unknown difference`;
  const seen = [...known].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const counts = seen.map(([name, count]) => `  known: ${count} × ${name}`);
  const parts = findings.map(
    ({ what, upstream, candidate, configuration, path, count }) =>
      `\n${count} × ${what}\n  upstream:  ${upstream}\n  candidate: ${candidate}\n` +
      `  first seen: ${path} under ${configuration.name}\n${indented(configuration.text)}`,
  );
  return [head, ...counts, ...parts].join('\n');
}

function indented(text: string): string {
  const lines = text.trimEnd().split('\n');
  const shown = [
    ...lines.slice(0, CONFIGURATION_LINES),
    ...(lines.length > CONFIGURATION_LINES ? ['…'] : []),
  ];
  return shown.map((line) => `    ${line}`).join('\n');
}
