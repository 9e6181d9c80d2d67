import { messageOf, NotSupportedError } from '../../errors';
import { fromGoString } from '../../kube/go-string';
import { type Decoder, type Shape } from './decoder';
import { type Form } from './form';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A string takes any scalar as it is written. */
export const string: Shape<string> = { zero: '', read: readString, form: { kind: 'text' } };

function readString(at: Decoder): string {
  const { text, resolved } = at.scalar('a string');
  return resolved.kind === 'binary' ? binary(at, resolved.value) : text;
}

function binary(at: Decoder, encoded: string): string {
  const base64 = encoded.replace(/[\r\n]/g, '');
  if (!BASE64.test(base64)) throw at.problem('!!binary value contains invalid base64 data');
  const text = fromGoString(atob(base64));
  if (text === undefined) throw new NotSupportedError(`${at.problem('!!binary that is not UTF-8').message}`);
  return text;
}

/** A pointer to a bool: absent is not false. */
export const optionalBoolean: Shape<boolean | undefined> = {
  zero: undefined,
  read: (at) => {
    const { resolved } = at.scalar('true or false');
    if (resolved.kind !== 'boolean') throw at.problem(`must be true or false, is ${at.typeName()}`);
    return resolved.value;
  },
  readNull: (at) => (at.isPlainNull ? undefined : false),
  form: { kind: 'boolean' },
};

/** A string that is read by a function; its errors get the place. An empty one is not absent. */
export function parsed<Value>(
  parse: (text: string) => Value,
  zero: Value,
  form: Form = { kind: 'text' },
): Shape<Value> {
  const read = (at: Decoder, text: string): Value => {
    try {
      return parse(text);
    } catch (error) {
      throw at.problem(messageOf(error));
    }
  };
  return {
    zero,
    read: (at) => read(at, readString(at)),
    readNull: (at) => (at.isPlainNull ? zero : read(at, '')),
    form,
  };
}

/** One of a few words; absent without one. */
export function choice<Word extends string>(words: readonly Word[]): Shape<Word | undefined> {
  return {
    zero: undefined,
    read: (at) => {
      const text = readString(at);
      const found = words.find((word) => word === text);
      if (found === undefined) throw at.problem(`must be one of ${words.join(', ')}, is ${at.typeName()}`);
      return found;
    },
    form: { kind: 'choice', words },
  };
}

/** A whole number within limits; absent without one. */
export function whole(minimum: number, maximum: number): Shape<number | undefined> {
  return {
    zero: undefined,
    read: (at) => {
      const text = readString(at);
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= minimum && value <= maximum) return value;
      throw at.problem(`must be a whole number from ${minimum} to ${maximum}, is ${at.typeName()}`);
    },
    form: { kind: 'whole', minimum, maximum },
  };
}

/** A value, with what it is for and what holds without it. */
export function described<Value>(shape: Shape<Value>, description: string, otherwise?: string): Shape<Value> {
  return { ...shape, form: { ...shape.form, description, otherwise } };
}

export function list<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return {
    zero: [],
    read: (at) => at.items().map((item) => item.value(shape, shape.zero)),
    form: { kind: 'list', item: shape.form },
  };
}

/** A value, or a list of such values. */
export function oneOrMany<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  const many = list(shape);
  return {
    zero: [],
    read: (at, current) => (at.isList ? many.read(at, current) : [shape.read(at, shape.zero)]),
    form: { kind: 'oneOrMany', item: shape.form },
  };
}

/** A mapping with keys of the writer's choice, in their order. */
export function record<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  const shapeOfAll: Shape<Readonly<Record<string, Value>>> = {
    zero: {},
    read: (at, current) => {
      let values = new Map(Object.entries(current));
      at.entries(
        (key, keyAt, valueAt) => {
          if (values.has(key)) throw keyAt.problem('is given twice');
          values.set(key, valueAt.value(shape, shape.zero));
        },
        (from) => {
          values = new Map(Object.entries(from.value(shapeOfAll, Object.fromEntries(values))));
        },
      );
      return Object.fromEntries(values);
    },
    form: { kind: 'record', item: shape.form },
  };
  return shapeOfAll;
}

/**
 * A mapping of known fields.
 * @param meaningless fields that are known elsewhere and would have no effect here, and why
 */
export function struct<Fields extends object>(
  shapes: { readonly [Name in keyof Fields]: Shape<Fields[Name]> },
  meaningless: Readonly<Record<string, string>> = {},
): Shape<Fields> {
  const isField = (name: string): name is Extract<keyof Fields, string> => Object.hasOwn(shapes, name);
  const shape: Shape<Fields> = {
    zero: zeroOf(shapes),
    read: (at, current) => {
      let fields = { ...current };
      const given = new Set<string>();
      at.entries(
        (name, keyAt, valueAt) => {
          if (!isField(name)) {
            const why = Object.hasOwn(meaningless, name) ? meaningless[name] : undefined;
            throw keyAt.problem(why ?? `unknown field; known here: ${Object.keys(shapes).join(', ')}`);
          }
          if (given.has(name)) throw keyAt.problem('is given twice');
          given.add(name);
          fields[name] = valueAt.value(shapes[name], fields[name]);
        },
        (from) => {
          fields = from.value(shape, fields);
        },
      );
      return fields;
    },
    form: { kind: 'struct', fields: formsOf(shapes) },
  };
  return shape;
}

/** A pointer to a struct. */
export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return {
    zero: undefined,
    read: (at, current) => shape.read(at, current ?? shape.zero),
    readNull: (at) => (at.isPlainNull ? undefined : shape.zero),
    form: shape.form,
  };
}

function formsOf<Fields extends object>(shapes: {
  readonly [Name in keyof Fields]: Shape<Fields[Name]>;
}): Readonly<Record<string, Form>> {
  const forms: Record<string, Form> = {};
  for (const name in shapes) forms[name] = shapes[name].form;
  return forms;
}

function zeroOf<Fields extends object>(shapes: {
  readonly [Name in keyof Fields]: Shape<Fields[Name]>;
}): Fields {
  const zero: Partial<Fields> = {};
  for (const name in shapes) zero[name] = shapes[name].zero;
  // Every field has got its zero value.
  return zero as Fields;
}
