import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startNoop, startOurAdapter, startUpstream } from '../../control-plane/adapters';
import type { AggregatedServer } from '../../control-plane/aggregated-server';
import type { ControlPlane } from '../../control-plane/control-plane';
import type { Prometheus } from '../../control-plane/prometheus';

/** An aggregated server that is measured. */
export interface Contestant {
  readonly name: string;
  /** A constant is no adapter: it discovers nothing, and its values are no pod's. */
  readonly constant: boolean;
  /** The one that all others are there for. */
  readonly ours: boolean;
  /** Held back by the limit of its client, so that a whole round takes minutes. */
  readonly throttled: boolean;
  start(
    plane: ControlPlane,
    prometheus: Prometheus,
    config: string,
    flags?: readonly string[],
  ): Promise<AggregatedServer>;
}

/** As the manifests of prometheus-adapter have it. */
const RELIST = ['--metrics-relist-interval=1m', '--metrics-max-age=2m'];
const SOURCE = join(__dirname.replace(/([\\/])build\1test/, '$1test'), '../../../apps/adapter/main.ts');

const FLOOR: Contestant = {
  name: 'a constant (the floor)',
  constant: true,
  ours: false,
  throttled: false,
  start: (plane) => startNoop(plane),
};

const UPSTREAM: Contestant = {
  name: 'prometheus-adapter, default flags',
  constant: false,
  ours: false,
  throttled: true,
  start: (plane, prometheus, config, flags = []) =>
    startUpstream(plane, prometheus, { config, flags: [...RELIST, ...flags] }),
};

const TUNED: Contestant = {
  name: 'prometheus-adapter, --client-qps=10000',
  constant: false,
  ours: false,
  throttled: false,
  start: (plane, prometheus, config, flags = []) =>
    startUpstream(plane, prometheus, {
      config,
      flags: [...RELIST, '--client-qps=10000', '--client-burst=10000', ...flags],
    }),
};

const OURS: Contestant = {
  name: 'Plimsoll’s adapter',
  constant: false,
  ours: true,
  throttled: false,
  start: (plane, prometheus, config, flags = []) =>
    startOurAdapter(plane, prometheus, { config, flags: [...RELIST, ...flags] }),
};

/** Those that can be started. */
export function contestants(): readonly Contestant[] {
  return [FLOOR, UPSTREAM, TUNED, ...(existsSync(SOURCE) ? [OURS] : [])];
}
