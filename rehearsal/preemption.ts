import { amountsOf, minus, plus, type Amounts, type Room } from './room';
import type { VirtualPod } from './virtual-pod';

/** Turns any priority, an int32, into a number above zero, so that of equal ones fewer add up to less. */
const ABOVE_ZERO = 2 ** 31;

/** Pods that would have to go so that another fits on their node, the most important first. */
export interface Sacrifice {
  readonly room: Room;
  readonly victims: readonly VirtualPod[];
}

/** What is known of pods when victims are chosen. */
export interface Ranking {
  readonly priorityOf: (pod: VirtualPod) => number;
  /** Since when a pod is on its node, in milliseconds. */
  readonly startOf: (pod: VirtualPod) => number;
}

/**
 * The fewest pods of a lower priority whose end makes room: all are taken away, and given back one by one, the most
 * important first, as long as the pod still fits (`SelectVictimsOnNode` of the plugin DefaultPreemption).
 * PodDisruptionBudgets are not modelled.
 *
 * @param reserved what is promised to other pods on this node
 * @returns why it does not help, in the scheduler's words, if it does not
 */
export function sacrificeOn(
  room: Room,
  pod: VirtualPod,
  reserved: Amounts,
  ranking: Ranking,
): Sacrifice | { readonly refusals: readonly string[] } {
  if (!room.couldHold(pod)) return { refusals: ['Preemption is not helpful for scheduling'] };
  const priority = ranking.priorityOf(pod);
  const lower = [...room.pods].filter((other) => ranking.priorityOf(other) < priority);
  if (lower.length === 0) return { refusals: ['No preemption victims found for incoming pod'] };
  let taken = lower.reduce((rest, other) => minus(rest, amountsOf(other)), plus(room.taken, reserved));
  const refusals = room.refusals(pod, taken);
  if (refusals.length > 0) return { refusals };
  const victims: VirtualPod[] = [];
  for (const other of lower.sort((a, b) => byImportance(a, b, ranking))) {
    const withIt = plus(taken, amountsOf(other));
    if (room.refusals(pod, withIt).length === 0) taken = withIt;
    else victims.push(other);
  }
  return { room, victims };
}

/** Higher priority first, then who is there for longer (`MoreImportantPod`). */
function byImportance(a: VirtualPod, b: VirtualPod, { priorityOf, startOf }: Ranking): number {
  return priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b) || a.number - b.number;
}

/**
 * The sacrifice that costs least (`pickOneNodeForPreemption` of k8s.io/kubernetes): where the most important victim is
 * the least important, then the least sum of priorities, then fewest victims, then those that began last; then the
 * first.
 */
export function leastSacrifice(
  sacrifices: readonly Sacrifice[],
  { priorityOf, startOf }: Ranking,
): Sacrifice | undefined {
  const costs = sacrifices.map((sacrifice) => {
    const priorities = sacrifice.victims.map(priorityOf);
    const highest = Math.max(...priorities);
    const most = sacrifice.victims.filter((victim) => priorityOf(victim) === highest);
    return {
      sacrifice,
      cost: [
        highest,
        priorities.reduce((sum, priority) => sum + priority + ABOVE_ZERO, 0),
        priorities.length,
        -Math.min(...most.map(startOf)),
      ],
    };
  });
  const [best] = costs.sort((a, b) => comparedInOrder(a.cost, b.cost));
  return best?.sacrifice;
}

function comparedInOrder(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
