import { goQuote } from '../../kube/go-quote';

/** One check behind `/healthz`, `/livez` or `/readyz`, run. */
export interface HealthResult {
  readonly name: string;
  /** `told`: it failed, and nothing depends on it. The API server has no such checks. */
  readonly outcome: 'passed' | 'failed' | 'told';
}

/** What a health path answers, as plain text. */
export interface HealthReply {
  readonly status: 200 | 500;
  readonly body: string;
}

/**
 * The answer of a whole check (`healthz.handleRootHealth`): `ok`, or line by line if it failed or was asked to. Everybody
 * may ask, so that why a check failed is for {@link healthPartReply} and the log.
 * @param exclude names of checks that do not count
 */
export function healthReply(
  check: 'healthz' | 'livez' | 'readyz',
  results: readonly HealthResult[],
  { verbose, exclude }: { readonly verbose: boolean; readonly exclude: readonly string[] },
): HealthReply {
  const excluded = new Set(exclude);
  const lines = results.map(({ name, outcome }) => {
    if (excluded.delete(name)) return `[+]${name} excluded: ok\n`;
    return LINES[outcome](name);
  });
  const failed = results.some(({ name, outcome }) => outcome === 'failed' && !exclude.includes(name));
  const unknown = [...excluded].sort().map(goQuote).join(',');
  const warning =
    unknown === '' ? '' : `warn: some health checks cannot be excluded: no matches for ${unknown}\n`;
  const report = lines.join('') + warning;
  if (failed) return { status: 500, body: `${report}${check} check failed\n` };
  return { status: 200, body: verbose ? `${report}${check} check passed\n` : 'ok' };
}

const LINES: Readonly<Record<HealthResult['outcome'], (name: string) => string>> = {
  passed: (name) => `[+]${name} ok\n`,
  failed: (name) => `[-]${name} failed: reason withheld\n`,
  told: (name) => `[!]${name} failed: reason withheld (told only)\n`,
};

/**
 * The answer of a single check (`healthz.adaptCheckToHandler`), which nothing in the query changes.
 * @param why it failed, if it did
 */
export function healthPartReply(why: string | undefined): HealthReply {
  return why === undefined
    ? { status: 200, body: 'ok' }
    : { status: 500, body: `internal server error: ${why}\n` };
}
