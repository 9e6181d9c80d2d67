import { TemplateError } from './template-error';
import { GoByte, GoMap, GoSlice, type GoValue, type MaybeValue, typeName } from './value';

/** `index value key…`: each of the further arguments goes one level deeper. */
export function index(value: MaybeValue, ...keys: readonly MaybeValue[]): MaybeValue {
  if (value === undefined) throw new TemplateError('index of untyped nil');
  return keys.reduce<GoValue>(elementOf, value);
}

/** `slice value from to most`: each may be left out. */
export function slice(value: MaybeValue, ...bounds: readonly MaybeValue[]): MaybeValue {
  if (value === undefined) throw new TemplateError('slice of untyped nil');
  if (bounds.length > 3) throw new TemplateError(`too many slice indexes: ${bounds.length}`);
  if (typeof value === 'string' && bounds.length === 3)
    throw new TemplateError('cannot 3-index slice a string');
  if (typeof value !== 'string' && !(value instanceof GoSlice)) {
    throw new TemplateError(`can't slice item of type ${typeName(value)}`);
  }
  const capacity = typeof value === 'string' ? value.length : value.capacity;
  const [from = 0, to = value.length, most] = bounds.map((bound) => position(bound, capacity));
  if (from > to) throw new TemplateError(`invalid slice index: ${from} > ${to}`);
  if (most !== undefined && to > most) throw new TemplateError(`invalid slice index: ${to} > ${most}`);
  return typeof value === 'string' ? value.slice(from, to) : value.slice(from, to, most);
}

/** `len value`, in bytes for a string. */
export function length(value: MaybeValue): number {
  if (value === undefined) throw new TemplateError('reflect: call of reflect.Value.Type on zero Value');
  if (typeof value === 'string' || value instanceof GoSlice) return value.length;
  if (value instanceof GoMap) return value.size;
  throw new TemplateError(`len of type ${typeName(value)}`);
}

function elementOf(value: GoValue, key: MaybeValue): GoValue {
  if (value instanceof GoMap) return value.get(mapKey(key)) ?? '';
  if (typeof value === 'string') {
    const at = position(key, value.length);
    if (at === value.length) throw new TemplateError('reflect: string index out of range');
    return new GoByte(value.charCodeAt(at));
  }
  if (value instanceof GoSlice) {
    const item = value.items[position(key, value.length)];
    if (item === undefined) throw new TemplateError('reflect: slice index out of range');
    return item;
  }
  throw new TemplateError(`can't index item of type ${typeName(value)}`);
}

function mapKey(key: MaybeValue): string {
  if (key === undefined) throw new TemplateError('value is nil; should be of type string');
  if (typeof key !== 'string') throw new TemplateError(`value has type ${typeName(key)}; should be string`);
  return key;
}

function position(key: MaybeValue, capacity: number): number {
  if (key === undefined) throw new TemplateError('cannot index slice/array with nil');
  if (typeof key !== 'bigint' && !(key instanceof GoByte)) {
    throw new TemplateError(`cannot index slice/array with type ${typeName(key)}`);
  }
  const at = Number(key instanceof GoByte ? key.value : key);
  if (at < 0 || at > capacity) {
    throw new TemplateError(`index out of range: ${key instanceof GoByte ? key.value : key}`);
  }
  return at;
}
