import type { HealthRoute } from '../../../core/adapter/api';
import type { ApiReply } from '../server';

/** How one thing is: well, or not and why. */
export type HealthState = undefined | string;

/** Something that is looked at. */
export interface HealthCheck {
  readonly name: string;
  /**
   * `ready`: without it the adapter wants no requests. `told`: it is shown, and no more: an adapter that is not ready
   * takes its whole API out of the cluster's discovery, which a Prometheus that is down is no reason for.
   */
  readonly counts: 'ready' | 'told';
  readonly state: () => HealthState;
}

const TYPE = 'text/plain; charset=utf-8';

/** Answers `/livez`, `/readyz` and `/healthz` in the words of the API server (`pkg/server/healthz`). */
export class Health {
  constructor(private readonly checks: () => readonly HealthCheck[]) {}

  /** The paths of all checks. */
  get paths(): readonly string[] {
    const names = ['ping', ...this.checks().map(({ name }) => name)];
    return [
      '/livez/ping',
      ...['healthz', 'readyz'].flatMap((check) => names.map((name) => `/${check}/${name}`)),
    ];
  }

  answer({ check, part, verbose, exclude }: HealthRoute): ApiReply {
    const ping: HealthCheck = { name: 'ping', counts: 'ready', state: () => undefined };
    const all = [ping, ...(check === 'livez' ? [] : this.checks())];
    const asked = part === undefined ? all : all.filter(({ name }) => name === part);
    if (asked.length === 0) return text(404, '404 page not found\n');
    const lines: string[] = [];
    let failed = false;
    for (const { name, counts, state } of asked) {
      const why = exclude.includes(name) ? undefined : state();
      if (exclude.includes(name)) lines.push(`[+]${name} excluded: ok`);
      else if (why === undefined) lines.push(`[+]${name} ok`);
      else if (counts === 'told' && part === undefined) lines.push(`[!]${name}: ${why} (told only)`);
      else lines.push(`[-]${name} failed: ${why}`);
      failed ||= why !== undefined && (counts === 'ready' || part !== undefined);
    }
    const unknown = exclude.filter((name) => !all.some((known) => known.name === name));
    if (unknown.length > 0)
      lines.push(`warn: some health checks cannot be excluded: no matches for ${quoted(unknown)}`);
    if (failed) return text(500, `${lines.join('\n')}\n${check} check failed\n`);
    return text(200, verbose ? `${lines.join('\n')}\n${check} check passed\n` : 'ok');
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(',');
}

function text(status: number, body: string): ApiReply {
  return {
    status,
    type: TYPE,
    body,
    headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache, private' },
  };
}
