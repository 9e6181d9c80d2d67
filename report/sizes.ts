import type { AutoscalerTimeline } from '../core/model';

/** Sizes, or turns of many sizes, that are told in full. */
const MOST = 9;
/** Of more turns than that, those told at the end. */
const LAST = 2;

/**
 * The size that was found and every size that was written after it: `1 → 4 → 8 → 10`. Of many sizes it tells those
 * where the direction changes, `1 → … → 17 → … → 2`, and of many of these the first and the last.
 */
export function sizesText({ syncs, decisions }: AutoscalerTimeline): string {
  const written = decisions.flatMap(({ to }) => to ?? []);
  const sizes = [...syncs.replicas.slice(0, 1), ...written];
  if (sizes.length <= MOST) return sizes.join(' → ');
  const turns = turnsOf(sizes);
  const left = turns.length - MOST;
  if (left <= 0) return turns.join(' → ');
  return [...turns.slice(0, MOST - LAST), `(${left} more turns)`, ...turns.slice(-LAST)].join(' → ');
}

/** Both ends, and the sizes between that are above or below both neighbours, with `…` where others are left out. */
function turnsOf(sizes: readonly number[]): readonly string[] {
  const turns = [...sizes.keys()].filter((index) => isTurn(sizes, index));
  return turns.map((index, turn) => {
    const direct = index - (turns[turn - 1] ?? -1) === 1;
    return `${direct ? '' : '… → '}${sizes[index]}`;
  });
}

function isTurn(sizes: readonly number[], index: number): boolean {
  const [before, size = 0, after] = [sizes[index - 1], sizes[index], sizes[index + 1]];
  return before === undefined || after === undefined || size > before === size > after;
}
