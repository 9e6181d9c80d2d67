import { UsageError } from '../errors';

/**
 * The two notations for lengths of time that the field uses. Both are read into milliseconds.
 *
 * - Go: `1h30m`, `15s`, `1.5s`, `250ms` (Kubernetes flags, `metav1.Duration`).
 * - Prometheus: `1d`, `1w2d`, `5m30s`; whole numbers, units in falling order (`model.ParseDuration`).
 */

const GO_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PROMETHEUS_SYNTAX = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const PROMETHEUS_UNITS = [31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1] as const;

/**
 * Milliseconds of a Go duration such as `1m30s`.
 * @throws UsageError if the text is not a Go duration
 */
export function parseGoDuration(text: string): number {
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.exec(text);
  if (text === '0') return 0;
  if (!match) throw new UsageError(`invalid duration "${text}": write it like 15s, 1m30s or 250ms`);
  let total = 0;
  for (const part of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(part[1]) * (GO_UNITS[part[2] ?? ''] ?? 0);
  }
  return match[1] === '-' ? -total : total;
}

/**
 * Milliseconds of a Prometheus duration such as `1d12h`.
 * @throws UsageError if the text is not a Prometheus duration
 */
export function parsePrometheusDuration(text: string): number {
  const match = PROMETHEUS_SYNTAX.exec(text);
  if (text === '0') return 0;
  if (!match || text === '')
    throw new UsageError(`invalid duration "${text}": write it like 30s, 5m or 1d12h`);
  return PROMETHEUS_UNITS.reduce((total, unit, index) => total + Number(match[index + 1] ?? 0) * unit, 0);
}

/** A length of time as a person reads it: `0s`, `1m30s`, `2h`, `250ms`. Exact to the millisecond. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds === 0) return '0s';
  const parts: string[] = [];
  let rest = Math.round(milliseconds);
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.join('');
}
