import { type Place } from './yaml';

/** Names a field of a rule in errors: `config.yaml:3:17: rules[0].name.matches`. */
export type Locate = (field: string) => string;

/** Where the parts of a file stand. */
export interface Located {
  /** Names the file. */
  readonly where: string;
  /** By paths such as `rules[0].name`; without them errors have no line. */
  readonly places?: ReadonlyMap<string, Place> | undefined;
}

/**
 * @param path of the rule, e.g. `rules[0]`
 * @returns names for its fields; one that is not written is where its parent is
 */
export function locator(file: Located, path: string): Locate {
  return (field) => located(file, `${path}.${field}`);
}

/** Names a field of a file: `config.yaml:3:17: rules[0].name`. */
export function located({ where, places }: Located, path: string): string {
  const place = places && nearest(places, path);
  return `${where}:${place ? `${place.line}:${place.column}:` : ''} ${path}`;
}

function nearest(places: ReadonlyMap<string, Place>, path: string): Place | undefined {
  for (let known = path; known !== ''; known = known.replace(/(?:^|\.)[^.[]*$|\[\d+\]$/, '')) {
    const place = places.get(known);
    if (place) return place;
  }
  return undefined;
}
