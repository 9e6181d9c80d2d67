import { type FusedQuery } from './fusion';

/**
 * Queries that together ask for the objects of one long one, none longer than a limit unless it is for one object.
 * Their samples, one after the other, are the results for all.
 * @param namespace of the objects; absent outside namespaces
 * @param limit length of a query, in UTF-16 code units
 */
export function splitQuery(
  fused: FusedQuery,
  namespace: string | undefined,
  names: readonly string[],
  limit: number,
): readonly string[] {
  const query = fused.query({ namespaces: namespace === undefined ? undefined : [namespace], names });
  if (query.length <= limit || names.length <= 1) return [query];
  const middle = Math.ceil(names.length / 2);
  return [names.slice(0, middle), names.slice(middle)].flatMap((half) =>
    splitQuery(fused, namespace, half, limit),
  );
}
