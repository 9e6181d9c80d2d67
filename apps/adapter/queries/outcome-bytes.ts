import type { QueryOutcome, QuerySample } from '../../../core/adapter';

/** What the memory of a result is made of, in bytes: a fixed part, one for each sample, one for each label. */
const COST = { result: 256, sample: 256, label: 48 } as const;
/** Of so many samples the labels are looked at; the others of a result are like them. */
const LOOKED_AT = 32;

/** About how many bytes a result keeps in memory, with what finds its samples by their objects. */
export function outcomeBytes(outcome: QueryOutcome): number {
  if ('error' in outcome || outcome.type !== 'vector') return COST.result;
  const { samples } = outcome;
  const step = Math.max(1, Math.floor(samples.length / LOOKED_AT));
  let bytes = 0;
  let looked = 0;
  for (let index = 0; index < samples.length; index += step) {
    bytes += sampleBytes(samples[index]);
    looked += 1;
  }
  return COST.result + (looked === 0 ? 0 : Math.ceil((bytes / looked) * samples.length));
}

function sampleBytes(sample: QuerySample | undefined): number {
  let bytes: number = COST.sample;
  // The names of labels are shared by all samples that have them; values are not.
  for (const value of Object.values(sample?.labels ?? {})) bytes += COST.label + value.length;
  return bytes;
}
