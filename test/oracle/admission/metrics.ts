import { type Json } from '../shrink';
import { name, ODD_NAMES, resourceName, word } from './names';
import { integer, quantity } from './numbers';
import { reference } from './references';
import { type Writer } from './writer';

const TYPES = {
  resource: 'Resource',
  containerResource: 'ContainerResource',
  pods: 'Pods',
  object: 'Object',
  external: 'External',
};
type Source = keyof typeof TYPES;
const SOURCES = ['resource', 'containerResource', 'pods', 'object', 'external'] as const;

const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'];
const VALUES = ['value', 'averageValue', 'averageUtilization'] as const;
type Value = (typeof VALUES)[number];

/** A metric with the source that its type asks for, and by mistake others. */
export function metric(writer: Writer): Json {
  const wanted = writer.dice.pick(SOURCES);
  const others = writer.errs() ? SOURCES.filter(() => writer.dice.chance(0.3)) : [];
  return writer.object({
    type: word(writer, [TYPES[wanted]]),
    ...Object.fromEntries([wanted, ...others].map((present) => [present, source(writer, present)])),
  });
}

function source(writer: Writer, which: Source): Json {
  const write = (fields: Readonly<Record<string, Json>>, needed: readonly Value[]): Json =>
    writer.object({ ...fields, target: target(writer, needed) });
  switch (which) {
    case 'resource':
      return write({ name: resourceName(writer) }, ['averageUtilization', 'averageValue']);
    case 'containerResource': {
      const container = writer.oneOf(['app', 'side-car'], ODD_NAMES);
      return write({ name: resourceName(writer), container }, ['averageUtilization', 'averageValue']);
    }
    case 'pods':
      return write({ metric: identifier(writer) }, ['averageValue']);
    case 'object': {
      const describedObject = reference(writer, ['v1', 'networking.k8s.io/v1'], ['Service', 'Ingress']);
      return write({ describedObject, metric: identifier(writer) }, ['value', 'averageValue']);
    }
    case 'external':
      return write({ metric: identifier(writer) }, ['value', 'averageValue']);
  }
}

/**
 * Any type of target goes with any value, as the API server sees it.
 * @param needed the values one of which there must be; another kind of value does no harm
 */
function target(writer: Writer, needed: readonly Value[]): Json {
  const { dice } = writer;
  const harmless = VALUES.filter((value) => !needed.includes(value) && dice.chance(0.1));
  const present = writer.errs() ? VALUES.filter(() => dice.chance(0.4)) : [dice.pick(needed), ...harmless];
  return writer.object({
    type: word(writer, TARGET_TYPES),
    ...Object.fromEntries(present.map((value) => [value, targetValue(writer, value)])),
  });
}

function targetValue(writer: Writer, value: Value): Json {
  return value === 'averageUtilization' ? integer(writer, [1, 50, 80, 1000]) : quantity(writer);
}

function identifier(writer: Writer): Json {
  return writer.object({ name: name(writer), selector: writer.dice.maybe(0.2, () => anySelector(writer)) });
}

/** The API server does not look into it: anything that can be decoded is right. */
function anySelector(writer: Writer): Json {
  const { dice } = writer;
  const label = (): [string, Json] => [dice.pick(['a', 'b', '-', ' ', '']), dice.pick(['x', '', '-', null])];
  const expression = (): Json =>
    writer.object({
      key: dice.maybe(0.9, () => dice.pick(['a', '-', '', null])),
      operator: dice.maybe(0.9, () => dice.pick(['In', 'Exists', 'Like', '', null])),
      values: dice.maybe(0.6, () => dice.pick([[], ['a'], [null, 'b'], null])),
    });
  return writer.object({
    matchLabels: dice.maybe(0.5, () => dice.pick([null, Object.fromEntries(dice.list(0, 2, label))])),
    matchExpressions: dice.maybe(0.5, () => dice.list(0, 2, () => dice.maybe(0.9, expression) ?? null)),
  });
}
