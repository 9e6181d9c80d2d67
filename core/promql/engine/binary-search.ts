/**
 * The smallest index below `count` for which a condition holds, given that it then holds for all after it; `count` if
 * there is none. It halves as Go's `sort.Search` does, which tells where the condition is not monotonic.
 */
export function binarySearch(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = Math.max(0, count);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
