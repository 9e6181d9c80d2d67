/** Units in milliseconds; weeks and years appear only where nothing remains (`model.Duration.String`). */
const UNITS = [
  ['y', 31_536_000_000, true],
  ['w', 604_800_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1000, false],
  ['ms', 1, false],
] as const;

/** A length of time in milliseconds as Prometheus writes it: `1d1h`, `1w`, `90s` as `1m30s`; `0s` for none. */
export function prometheusDuration(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const [unit, size, exact] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0 || (exact && rest % size !== 0)) continue;
    text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
