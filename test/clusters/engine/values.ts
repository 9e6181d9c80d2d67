import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { z } from 'zod';
import {
  specialOutputValueSig,
  specialResourceSig,
  specialSecretSig,
  specialSigKey,
  unknownValue,
} from '@pulumi/pulumi/runtime/rpc';

/** A value that is known only once something was created. */
export class Unknown {
  readonly unknown = true;
}

/** A value that must be encrypted in the state and hidden everywhere else. */
export class Secret {
  constructor(readonly secret: Value) {}
}

/** A resource as a value. */
export class ResourceReference {
  constructor(
    readonly urn: string,
    readonly id: Value,
  ) {}
}

/** What properties of resources are: JSON with marks. */
export type Value =
  null | boolean | number | string | Unknown | Secret | ResourceReference | readonly Value[] | Properties;

/** Values by their names. */
export interface Properties {
  readonly [name: string]: Value;
}

export const UNKNOWN = new Unknown();

const outputValue = z.object({ value: z.unknown().optional(), secret: z.boolean().optional() });
const secretValue = z.object({ value: z.unknown() });
const resourceValue = z.object({ urn: z.string(), id: z.unknown().optional() });

/** Whether a value has properties of its own: no list, no mark. */
export function isProperties(value: Value | undefined): value is Properties {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Secret) &&
    !(value instanceof ResourceReference)
  );
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Properties as they came over the wire. @throws Error about what the engine has no meaning for */
export function decode(struct: Struct | undefined): Properties {
  const value = decodeValue(struct === undefined ? {} : struct.toJavaScript());
  if (!isProperties(value)) throw new Error('the properties of a resource are no object');
  return value;
}

/** Properties as they go over the wire. */
export function encode(properties: Properties): Struct {
  return Struct.fromJavaScript(encodeProperties(properties));
}

function decodeValue(wire: unknown): Value {
  if (wire === unknownValue) return UNKNOWN;
  if (wire === null || typeof wire === 'boolean' || typeof wire === 'number' || typeof wire === 'string') {
    return wire;
  }
  if (Array.isArray(wire)) return wire.map(decodeValue);
  if (typeof wire !== 'object') throw new Error(`a ${typeof wire} is no value of a property`);
  const signature: unknown = Reflect.get(wire, specialSigKey);
  switch (signature) {
    case specialSecretSig:
      return new Secret(decodeValue(secretValue.parse(wire).value));
    case specialOutputValueSig: {
      const output = outputValue.parse(wire);
      const value = output.value === undefined ? UNKNOWN : decodeValue(output.value);
      return output.secret === true ? new Secret(value) : value;
    }
    case specialResourceSig: {
      const reference = resourceValue.parse(wire);
      return new ResourceReference(reference.urn, decodeValue(reference.id ?? null));
    }
    default:
      return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, decodeValue(value)]));
  }
}

function encodeProperties(properties: Properties): Record<string, JavaScriptValue> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, encodeValue(value)]));
}

function encodeValue(value: Value): JavaScriptValue {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Unknown) return unknownValue;
  if (value instanceof Secret) {
    return { [specialSigKey]: specialSecretSig, value: encodeValue(value.secret) };
  }
  if (value instanceof ResourceReference) {
    return { [specialSigKey]: specialResourceSig, urn: value.urn, id: encodeValue(value.id) };
  }
  return isList(value) ? value.map(encodeValue) : isProperties(value) ? encodeProperties(value) : null;
}
