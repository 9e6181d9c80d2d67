import type { QueryOutcome, QuerySample } from '../../../core/adapter';
import type { Fusion } from '../../../core/adapter/fusion';
import { formatG } from '../../../core/promql/go-float';
import type { FusionJson, ResultJson } from '../../../core/rule-explain';

/** Samples that are shown. */
const SHOWN = 100;

/** The result of a query. */
export function resultJson(outcome: QueryOutcome): ResultJson {
  if ('error' in outcome) return { error: outcome.error };
  if (outcome.type === 'scalar') return { type: 'scalar', value: formatG(outcome.value) };
  if (outcome.type !== 'vector') return { type: outcome.type };
  const { samples } = outcome;
  const more = samples.length - SHOWN;
  return { type: 'vector', samples: samples.slice(0, SHOWN).map(sampleJson), ...(more > 0 ? { more } : {}) };
}

/** Which way a query goes, and why. */
export function fusionJson(fusion: Fusion): FusionJson {
  return fusion.fusable
    ? { fusable: true, query: fusion.query({}) }
    : { fusable: false, reason: fusion.reason };
}

/** A moment as Kubernetes writes it, with milliseconds. */
export function momentJson(atMs: number): string {
  return new Date(atMs).toISOString();
}

function sampleJson({ labels, value }: QuerySample) {
  return { labels, value: formatG(value) };
}
