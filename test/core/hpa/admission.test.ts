import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultHpa, hpaConfig, parseHpaSpec, validateHpa } from '../../../core/hpa';

const answer = z.strictObject({
  /** The spec as stored. */
  spec: z.unknown().optional(),
  /** Or what is wrong with it. */
  errors: z.array(z.string()).optional(),
  /** Or that it could not be read; the text of that is not ours. */
  decode: z.literal(true).optional(),
});

const recorded = z.strictObject({
  name: z.string(),
  spec: z.unknown(),
  /** The stored spec, for an update. */
  old: z.unknown().optional(),
  /** Answers of `oracle admit` by the first minor version that gives them. */
  answers: z.record(z.string(), answer),
});

const CASES = readFileSync(join(__dirname, 'admission.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => recorded.parse(JSON.parse(line)));

function admit({ name, spec, old }: z.infer<typeof recorded>, minor: number): z.infer<typeof answer> {
  let parsed, parsedOld;
  try {
    parsed = parseHpaSpec(spec, 'test');
    if (old !== undefined) parsedOld = parseHpaSpec(old, 'test');
  } catch {
    return { decode: true };
  }
  const config = hpaConfig({ kubernetes: `1.${minor}` });
  const errors = validateHpa(parsed, name, config, parsedOld);
  if (errors.length > 0) return { errors };
  return { spec: asStored(defaultHpa(parsed), config.featureGates.HPAConfigurableTolerance) };
}

/** As Go prints it: without empty lists, maps and API versions, and without a tolerance that a closed gate drops. */
function asStored(spec: object, keepsTolerance: boolean): unknown {
  const omitted = (key: string, value: unknown): boolean =>
    (key === 'tolerance' && !keepsTolerance) ||
    (key === 'apiVersion' && value === '') ||
    (['matchLabels', 'matchExpressions', 'values'].includes(key) &&
      ['{}', '[]'].includes(JSON.stringify(value)));
  return JSON.parse(JSON.stringify(spec, (key, value: unknown) => (omitted(key, value) ? undefined : value)));
}

describe('what the API server makes of a spec', () => {
  it.each([28, 29, 30, 31, 32, 33, 34, 35, 36, 37])('is what we make of it, in 1.%i', (minor) => {
    let compared = 0;
    for (const question of CASES) {
      const since = Object.keys(question.answers).filter((first) => Number(first) <= minor);
      const last = since.at(-1);
      if (last === undefined) continue;
      expect({ question, answer: admit(question, minor) }).toEqual({
        question,
        answer: question.answers[last],
      });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(90);
  });
});
