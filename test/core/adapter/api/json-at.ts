/** What stands at a path in JSON. */
export function jsonAt(text: string, ...path: readonly (string | number)[]): unknown {
  const root: unknown = JSON.parse(text);
  return path.reduce((value: unknown, key): unknown => {
    return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }, root);
}
