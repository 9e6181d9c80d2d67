import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { messageOf, UsageError } from '../../../core/errors';
import { defaultHpa, type HpaConfig, type HpaSpec, parseHpaSpec, validateHpa } from '../../../core/hpa';
import { fillDefaults } from '../../../core/hpa/admission/defaults';
import { validationOptions } from '../../../core/hpa/admission/validation/options';
import { type Judged } from './comparison';
import { type SpecQuestion } from './specs';

/** What becomes of an autoscaler: it is stored in this form, refused for these reasons, or cannot be decoded. */
type Verdict =
  | { readonly kind: 'stored'; readonly spec: unknown }
  | { readonly kind: 'refused'; readonly errors: readonly string[] }
  | { readonly kind: 'undecodable'; readonly why: string };

const answerShape = z.union([
  z
    .strictObject({ spec: z.record(z.string(), z.unknown()) })
    .transform(({ spec }): Verdict => ({ kind: 'stored', spec })),
  z
    .strictObject({ errors: z.array(z.string()) })
    .transform(({ errors }): Verdict => ({ kind: 'refused', errors })),
  z
    .strictObject({ decode: z.string() })
    .transform(({ decode }): Verdict => ({ kind: 'undecodable', why: decode })),
]);

/** Of the number of arbitrary precision in a quantity, as versions before 1.34 print it. */
const ADDRESS = /\(0x[0-9a-f]+\)/g;
const TOO_MANY = ': Forbidden: must populate the given metric source only';

/** Compares what the API server of that configuration says to an autoscaler. */
export function judgeSpec(question: SpecQuestion, line: string, config: HpaConfig): Judged {
  const theirs = answerShape.parse(JSON.parse(line));
  const ours = ourVerdict(question, config);
  return { kind: theirs.kind, theirs, ours, same: isDeepStrictEqual(comparable(theirs), comparable(ours)) };
}

function ourVerdict(question: SpecQuestion, config: HpaConfig): Verdict {
  let spec: HpaSpec, old: HpaSpec | undefined;
  try {
    spec = parseHpaSpec(question.spec, question.name);
    old = question.old === undefined ? undefined : parseHpaSpec(question.old, question.name);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { kind: 'undecodable', why: messageOf(error) };
  }
  const { readsTolerance } = validationOptions(fillDefaults(spec), old && fillDefaults(old), config);
  const stored = storedForm(spec, readsTolerance);
  const errors = validateHpa(spec, question.name, config, old);
  return errors.length > 0 ? { kind: 'refused', errors } : { kind: 'stored', spec: stored };
}

/**
 * Undefined for a spec in which something has a type that there is not, or no value: that must be one that the API
 * server refuses, since checks read metrics that nobody has validated, and pass over those.
 */
function storedForm(spec: HpaSpec, keepsTolerance: boolean): unknown {
  try {
    return printed(defaultHpa(spec), keepsTolerance);
  } catch (error) {
    if (messageOf(error) !== 'the spec of a HorizontalPodAutoscaler was not validated') throw error;
    return undefined;
  }
}

/** As Go prints it: without empty lists, maps and API versions, and without a tolerance that is dropped. */
function printed(spec: object, keepsTolerance: boolean): unknown {
  const omitted = (key: string, value: unknown): boolean =>
    (key === 'tolerance' && !keepsTolerance) ||
    (key === 'apiVersion' && value === '') ||
    (['matchLabels', 'matchExpressions', 'values'].includes(key) &&
      ['{}', '[]'].includes(JSON.stringify(value)));
  return JSON.parse(JSON.stringify(spec, (key, value: unknown) => (omitted(key, value) ? undefined : value)));
}

/** A verdict without what differs from run to run, and without the words of Go's decoders, which nobody repeats. */
function comparable(verdict: Verdict): unknown {
  switch (verdict.kind) {
    case 'stored':
      return verdict;
    case 'refused':
      return sourcesInOrder(verdict.errors.map((error) => error.replace(ADDRESS, '(ADDRESS)')));
    case 'undecodable':
      return verdict.kind;
  }
}

/** Go names the sources that a metric has too many in any order. */
function sourcesInOrder(errors: readonly string[]): string[] {
  const sorted = errors.filter((error) => error.endsWith(TOO_MANY)).sort();
  return errors.map((error) => (error.endsWith(TOO_MANY) ? (sorted.shift() ?? error) : error));
}
