/**
 * Puts an entry into the last slot that holds a spent one, or at the end: how the controller keeps both its
 * recommendations and its scale events.
 */
export function storeInSlot<Entry>(
  entries: readonly Entry[],
  isSpent: (entry: Entry) => boolean,
  entry: Entry,
): readonly Entry[] {
  const slot = entries.findLastIndex(isSpent);
  return slot < 0 ? [...entries, entry] : entries.with(slot, entry);
}
