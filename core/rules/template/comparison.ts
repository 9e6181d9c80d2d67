import { sprint } from './printf';
import { TemplateError } from './template-error';
import { GoByte, GoStruct, type GoValue, type MaybeValue, typeName } from './value';

type Comparison = (...values: readonly MaybeValue[]) => boolean;

/** A kind whose values can be ordered or tested for equality. */
type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'string';

/** The comparisons of text/template, which know no conversion but that between `int` and `uint8`. */
export const compareFunctions: Readonly<
  Record<string, { readonly variadic: boolean; readonly compare: Comparison }>
> = {
  eq: { variadic: true, compare: equalsOne },
  ne: { variadic: false, compare: (a, b) => !equalsOne(a, b) },
  lt: { variadic: false, compare: less },
  le: { variadic: false, compare: lessOrEqual },
  gt: { variadic: false, compare: (a, b) => !lessOrEqual(a, b) },
  ge: { variadic: false, compare: (a, b) => !less(a, b) },
};

/** `eq a b c`: whether the first equals one of the others. */
function equalsOne(first: MaybeValue, ...others: readonly MaybeValue[]): boolean {
  if (others.length === 0) throw new TemplateError('missing argument for comparison');
  return others.some((other) => equal(first, other));
}

function equal(a: MaybeValue, b: MaybeValue): boolean {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA !== kindB) {
    if (isInteger(kindA) && isInteger(kindB)) return integer(a) === integer(b);
    if (a !== undefined && b !== undefined) throw incompatible(a, b);
    return false;
  }
  if (kindA === undefined) return equalComposites(a, b);
  return kindA === 'int' || kindA === 'uint' ? integer(a) === integer(b) : a === b;
}

function equalComposites(a: MaybeValue, b: MaybeValue): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (compositeKind(a) !== compositeKind(b)) {
    const [textA, textB] = [sprint([a]), sprint([b])];
    throw new TemplateError(`non-comparable types ${textA}: ${typeName(a)}, ${typeName(b)}: ${textB}`);
  }
  if (!(a instanceof GoStruct && b instanceof GoStruct) || !b.type.comparable) {
    throw new TemplateError(`non-comparable type ${sprint([b])}: ${typeName(b)}`);
  }
  return a.type === b.type && a.fields.every(([name, value]) => b.get(name) === value);
}

function compositeKind(value: GoValue): string {
  return value instanceof GoStruct ? 'struct' : typeName(value);
}

function less(a: MaybeValue, b: MaybeValue): boolean {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (a === undefined || b === undefined || !kindA || !kindB) throw badType();
  if (isInteger(kindA) && isInteger(kindB)) return integer(a) < integer(b);
  if (kindA !== kindB) throw incompatible(a, b);
  if (kindA === 'bool') throw badType();
  return a < b;
}

function lessOrEqual(a: MaybeValue, b: MaybeValue): boolean {
  return less(a, b) || equal(a, b);
}

function basicKind(value: MaybeValue): BasicKind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'string';
    default:
      return value instanceof GoByte ? 'uint' : undefined;
  }
}

function isInteger(kind: BasicKind | undefined): boolean {
  return kind === 'int' || kind === 'uint';
}

function integer(value: MaybeValue): bigint {
  return typeof value === 'bigint' ? value : BigInt(value instanceof GoByte ? value.value : 0);
}

function incompatible(a: GoValue, b: GoValue): TemplateError {
  return new TemplateError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
}

function badType(): TemplateError {
  return new TemplateError('invalid type for comparison');
}
