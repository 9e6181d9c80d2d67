import { type HpaPod, type Nanoseconds } from '../../../../core/hpa';
import { MINUTE, NOW } from '../support';

/** Upstream's zero time: so long ago that no period reaches it. */
export const ZERO_TIME: Nanoseconds = 0;

const COOL = NOW - 3 * MINUTE;

/** What the pods of upstream's tests can be; those that do not say when they started did so at the zero time. */
const STATES = {
  ready: {},
  unready: { status: 'False' },
  hot: { startTime: NOW },
  'hot unready': { startTime: NOW, status: 'False' },
  cool: { startTime: COOL },
  failed: { phase: 'Failed', status: 'False' },
  pending: { phase: 'Pending', status: 'False' },
  deleted: { deleting: true, status: 'False' },
} as const satisfies Record<string, State>;

interface State {
  readonly status?: 'False';
  readonly startTime?: Nanoseconds;
  readonly phase?: HpaPod['phase'];
  readonly deleting?: boolean;
}

export type PodState = keyof typeof STATES;

/**
 * A pod of a test.
 * @param readySince when its readiness last changed, if not when it started
 */
export function podIn(
  state: PodState,
  name: string,
  containers: HpaPod['containers'],
  readySince?: Nanoseconds,
): HpaPod {
  const { status, startTime = ZERO_TIME, phase = 'Running', deleting }: State = STATES[state];
  const ready = { status: status ?? 'True', since: readySince ?? startTime } as const;
  return { name, phase, deleting, startTime, ready, containers };
}
