/** What an object itself has under a key, which may come from anywhere: objects also inherit, `constructor` for one. */
export function ownValue<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
