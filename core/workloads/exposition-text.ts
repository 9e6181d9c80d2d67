import type { MetricContract, MetricType, SeriesContract } from '../model';
import type { Sample } from './program';

/** Prometheus 3 refuses a scrape without a content type that it knows. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What the series of a family are called besides the family's own name. */
const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  untyped: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Samples in Prometheus' text format 0.0.4, by family in the order of the contract; a family without samples is left
 * out, as Prometheus' own clients do.
 * @throws Error for a sample that the contract does not promise
 */
export function expositionText(contract: MetricContract, samples: readonly Sample[]): string {
  const families = Object.values(contract.series).map((family) => ({
    family,
    samples: samples.filter(({ name }) => belongsTo(name, family)),
  }));
  const stray = samples.find((sample) => !families.some((family) => family.samples.includes(sample)));
  if (stray) throw new Error(`series ${stray.name} is not in the metric contract`);
  return families
    .filter((family) => family.samples.length > 0)
    .map((family) => familyText(family.family, family.samples))
    .join('');
}

function belongsTo(name: string, family: SeriesContract): boolean {
  return SUFFIXES[family.type].some((suffix) => name === family.name + suffix);
}

function familyText({ name, type, help }: SeriesContract, samples: readonly Sample[]): string {
  return [
    ...(help === '' ? [] : [`# HELP ${name} ${escape(help)}`]),
    `# TYPE ${name} ${type}`,
    ...samples.map(sampleLine),
    '',
  ].join('\n');
}

function sampleLine({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label}="${escape(text).replaceAll('"', '\\"')}"`,
  );
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${numberText(value)}`;
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** As Go's `strconv.ParseFloat` reads it. */
function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
