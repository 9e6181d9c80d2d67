import {
  healthPartReply,
  healthReply,
  type HealthReply,
  type HealthResult,
  type HealthRoute,
} from '../../../core/adapter/api';
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

const PING: HealthCheck = { name: 'ping', counts: 'ready', state: () => undefined };

/**
 * Answers `/livez`, `/readyz` and `/healthz` as the API server does (`pkg/server/healthz`). Unlike there `/healthz` is
 * about no more than `/livez`: charts have the kubelet restart by it what would be good again by itself.
 */
export class Health {
  constructor(private readonly checks: () => readonly HealthCheck[]) {}

  /** The paths of all checks. */
  get paths(): readonly string[] {
    const names = [PING, ...this.checks()].map(({ name }) => name);
    return ['/healthz/ping', '/livez/ping', ...names.map((name) => `/readyz/${name}`)];
  }

  /** @returns nothing for a single check that there is not */
  answer({ check, part, verbose, exclude }: HealthRoute): ApiReply | undefined {
    const checks = [PING, ...(check === 'readyz' ? this.checks() : [])];
    if (part === undefined) return text(healthReply(check, checks.map(run), { verbose, exclude }));
    const asked = checks.find(({ name }) => name === part);
    return asked && text(healthPartReply(asked.state()));
  }
}

function run({ name, counts, state }: HealthCheck): HealthResult {
  if (state() === undefined) return { name, outcome: 'passed' };
  return { name, outcome: counts === 'ready' ? 'failed' : 'told' };
}

function text({ status, body }: HealthReply): ApiReply {
  return {
    status,
    type: 'text/plain; charset=utf-8',
    body,
    headers: { 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache, private' },
  };
}
