const REGIONS = 1000;
/** A core is busy with one for about two days. */
const REGION_SIZE = 100_000_000_000;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Where a worker begins, so that workers do not all do the same: a region of the numbers by its name, which in a pod is
 * that of the host. Two may share one; a result that is found twice does no harm.
 */
export function firstNumberFor(name: string): number {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return (hash % REGIONS) * REGION_SIZE + 1;
}
