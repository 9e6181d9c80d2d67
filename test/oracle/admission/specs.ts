import { type Json } from '../shrink';
import { damaged } from './damage';
import { type Dice } from './dice';
import { isObject, withoutField } from './json';
import { metric } from './metrics';
import { ODD_NAMES, word } from './names';
import { integer, tolerance } from './numbers';
import { reference } from './references';
import { Writer } from './writer';

/** An autoscaler that the API server is to take, or to take in place of an old one. */
export interface SpecQuestion {
  readonly name: string;
  readonly spec: Json;
  readonly old?: Json;
}

/** From what is mostly valid to what has something wrong at every turn. */
const CARELESSNESS = [0, 0.02, 0.08, 0.25];

/**
 * Any autoscaler, new or changed.
 * @param hasTolerance whether the API has the field `tolerance`; older versions refuse to decode it
 */
export function specQuestion(dice: Dice, hasTolerance: boolean): SpecQuestion {
  const written = (spec: Json): Json => (hasTolerance ? spec : withoutField(spec, 'tolerance'));
  const name = dice.chance(0.8) ? 'web' : dice.pick(ODD_NAMES);
  const spec = anySpec(dice);
  const old = dice.maybe(0.3, () => written(specBefore(spec, dice)));
  return { name, spec: written(spec), ...(old === undefined ? {} : { old }) };
}

/** What is stored of the autoscaler that is changed: something else, or much the same. */
function specBefore(spec: Json, dice: Dice): Json {
  const before = anySpec(dice);
  const unchanged = dice.pick([0, 0.5, 1]);
  if (!isObject(spec) || !isObject(before)) return before;
  return { ...before, ...Object.fromEntries(Object.entries(spec).filter(() => dice.chance(unchanged))) };
}

function anySpec(dice: Dice): Json {
  const spec = writtenSpec(new Writer(dice, dice.pick(CARELESSNESS)));
  return dice.chance(0.3) ? damaged(spec, dice, 0.06) : spec;
}

function writtenSpec(writer: Writer): Json {
  const { dice } = writer;
  return writer.object({
    scaleTargetRef: reference(writer, ['apps/v1'], ['Deployment', 'StatefulSet']),
    minReplicas: dice.maybe(0.6, () => integer(writer, [0, 1, 2])),
    maxReplicas: integer(writer, [1, 2, 10, 100]),
    metrics: dice.maybe(0.8, () => dice.list(0, 3, () => metric(writer))),
    behavior: dice.maybe(0.5, () => behavior(writer)),
  });
}

function behavior(writer: Writer): Json {
  const direction = (): Json | undefined => writer.dice.maybe(0.6, () => rules(writer));
  return writer.object({ scaleUp: direction(), scaleDown: direction() });
}

function rules(writer: Writer): Json {
  const { dice } = writer;
  return writer.object({
    stabilizationWindowSeconds: dice.maybe(0.5, () => integer(writer, [0, 60, 3600])),
    selectPolicy: dice.maybe(0.5, () => word(writer, ['Max', 'Min', 'Disabled'])),
    policies: dice.maybe(0.5, () => dice.list(writer.errs() ? 0 : 1, 2, () => policy(writer))),
    tolerance: dice.maybe(0.3, () => tolerance(writer)),
  });
}

function policy(writer: Writer): Json {
  return writer.object({
    type: word(writer, ['Pods', 'Percent']),
    value: integer(writer, [1, 5, 2 ** 31 - 1]),
    periodSeconds: integer(writer, [1, 15, 1800]),
  });
}
