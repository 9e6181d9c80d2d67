import { goQuote } from '../../kube/go-quote';

/** One check behind `/healthz`, `/livez` or `/readyz`, run. */
export interface HealthResult {
  readonly name: string;
  readonly healthy: boolean;
}

/** What a health path answers, as plain text. */
export interface HealthReply {
  readonly status: 200 | 500;
  readonly body: string;
}

/**
 * The answer of a whole check (`healthz.handleRootHealth`): `ok`, or line by line if it failed or was asked to. Why a
 * check failed stands in the log only.
 * @param exclude names of checks that do not count
 */
export function healthReply(
  check: 'healthz' | 'livez' | 'readyz',
  results: readonly HealthResult[],
  { verbose, exclude }: { readonly verbose: boolean; readonly exclude: readonly string[] },
): HealthReply {
  const excluded = new Set(exclude);
  const lines = results.map(({ name, healthy }) => {
    if (excluded.delete(name)) return `[+]${name} excluded: ok\n`;
    return healthy ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`;
  });
  const failed = results.some(({ name, healthy }) => !healthy && !exclude.includes(name));
  const unknown = [...excluded].sort().map(goQuote).join(',');
  const warning =
    unknown === '' ? '' : `warn: some health checks cannot be excluded: no matches for ${unknown}\n`;
  const report = lines.join('') + warning;
  if (failed) return { status: 500, body: `${report}${check} check failed\n` };
  return { status: 200, body: verbose ? `${report}${check} check passed\n` : 'ok' };
}
