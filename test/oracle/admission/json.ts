import { type Json } from '../shrink';

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** The same without the fields of that name, wherever they stand. */
export function withoutField(value: Json, name: string): Json {
  if (isList(value)) return value.map((part) => withoutField(part, name));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (key === name ? [] : [[key, withoutField(part, name)]])),
  );
}
