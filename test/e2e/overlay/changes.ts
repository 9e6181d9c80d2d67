/** A field of an object that an overlay writes otherwise than it was synthesized. */
export interface OverlayChange {
  /** `HorizontalPodAutoscaler backend/backend-1`, or `scenario` and `cluster`. */
  readonly object: string;
  /** `spec.endpoints[0].interval`. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** A length of time that stays as it is although others shrink. */
export interface KeptTime {
  readonly object: string;
  readonly path: string;
  readonly value: string;
  readonly reason: string;
}

/**
 * What an overlay changed, as lines of text: the objects that it touched, each with its fields below it.
 * @param title first line, e.g. `Synthesized objects, unchanged apart from`
 */
export function overlayText(
  title: string,
  changes: readonly OverlayChange[],
  kept: readonly KeptTime[] = [],
): string {
  if (changes.length === 0 && kept.length === 0) return `${title} nothing\n`;
  const changed = grouped(changes).flatMap(([object, list]) => [
    `  ${object}`,
    ...list.map(({ path, from, to }) => `    ${path}: ${from} → ${to}`),
  ]);
  const stays = kept.map(({ object, path, value, reason }) => `  ${object} ${path} ${value}: ${reason}`);
  return [title, ...changed, ...(stays.length > 0 ? ['What stays:', ...stays] : []), ''].join('\n');
}

function grouped(changes: readonly OverlayChange[]): readonly (readonly [string, OverlayChange[]])[] {
  const groups = new Map<string, OverlayChange[]>();
  for (const change of changes) {
    const list = groups.get(change.object);
    if (list) list.push(change);
    else groups.set(change.object, [change]);
  }
  return [...groups];
}
