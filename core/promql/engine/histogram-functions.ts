import { goQuote } from '../../kube/go-quote';
import { type MergeableDetails, type Remark } from '../annotations';
import { type Position } from '../language/ast';
import { formatG, formatOpenMetricsFloat, parseGoFloat } from '../go-float';
import { dropLabels, labelsKey, labelValue, METRIC_NAME, perLabels, setLabel } from '../labels';
import { type Bucket, bucketFraction, bucketQuantile, type ForcedMonotonicity } from './classic-buckets';
import { type Element, type Vector } from './steps';
import { unnamed } from './unnamed';

/** What the functions of classic histograms need besides their arguments. */
export interface HistogramContext {
  readonly delayedNameRemoval: boolean;
  readonly atMs: number;
  /** Where the vector of buckets stands. */
  readonly position: Position | undefined;
  readonly add: (remark: Remark) => void;
}

/** A classic histogram: the labels that its buckets share, and the buckets. */
interface ClassicHistogram {
  readonly bucket: Element;
  readonly buckets: Bucket[];
}

const BUCKET_LABEL = 'le';

const withoutBucket = perLabels((labels) => dropLabels(labels, [BUCKET_LABEL]));

/** `histogram_quantile`. There are no native histograms here, so it is the classic ones that it looks at. */
export function histogramQuantile(level: number, vector: Vector, context: HistogramContext): Vector {
  return histogramsOf(vector, context).map((histogram) => ({
    ...resultOf(histogram, context),
    value: quantileOf(level, histogram, context),
  }));
}

/** `histogram_quantiles`: several quantiles, told apart by a label. */
export function histogramQuantiles(
  label: string,
  levels: readonly number[],
  vector: Vector,
  context: HistogramContext,
): Vector {
  const histograms = histogramsOf(vector, context);
  return levels.flatMap((level) =>
    histograms.map((histogram) => {
      const result = resultOf(histogram, context);
      return {
        ...result,
        labels: setLabel(result.labels, label, formatOpenMetricsFloat(level)),
        value: quantileOf(level, histogram, context),
      };
    }),
  );
}

/** `histogram_fraction`. */
export function histogramFraction(
  lower: number,
  upper: number,
  vector: Vector,
  context: HistogramContext,
): Vector {
  return histogramsOf(vector, context).map((histogram) => ({
    ...resultOf(histogram, context),
    value: bucketFraction(lower, upper, histogram.buckets),
  }));
}

/** Groups the buckets by all labels but their bounds; those without a bound are told. */
function histogramsOf(vector: Vector, context: HistogramContext): ClassicHistogram[] {
  const histograms = new Map<string, ClassicHistogram>();
  for (const bucket of vector) {
    const bound = labelValue(bucket.labels, BUCKET_LABEL);
    const upperBound = parseGoFloat(bound);
    if (upperBound === undefined) {
      const text = `bucket label "le" is missing or has a malformed value of ${goQuote(bound)}`;
      const { position } = context;
      context.add({ severity: 'warning', text: `${text}${nameClause(bucket, context)}`, position });
      continue;
    }
    const labels = withoutBucket(bucket.labels);
    const key = labelsKey(labels);
    let histogram = histograms.get(key);
    if (!histogram) {
      histogram = { bucket: { ...bucket, labels }, buckets: [] };
      histograms.set(key, histogram);
    }
    histogram.buckets.push({ upperBound, count: bucket.value });
  }
  return [...histograms.values()];
}

function resultOf({ bucket }: ClassicHistogram, { delayedNameRemoval }: HistogramContext) {
  return { labels: unnamed(bucket.labels, delayedNameRemoval), dropName: true };
}

function quantileOf(level: number, { bucket, buckets }: ClassicHistogram, context: HistogramContext): number {
  const { value, forced } = bucketQuantile(level, buckets);
  if (forced) {
    context.add({
      severity: 'info',
      text:
        'input to histogram_quantile needed to be fixed for monotonicity (see ' +
        'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)' +
        nameClause(bucket, context),
      position: context.position,
      details: new ForcedDetails(context.atMs, context.atMs, forced, 1n),
    });
  }
  return value;
}

/** With delayed name removal the metric is still known. */
function nameClause({ labels }: Element, { delayedNameRemoval }: HistogramContext): string {
  const name = delayedNameRemoval ? labelValue(labels, METRIC_NAME) : '';
  return name === '' ? '' : ` for metric name ${goQuote(name)}`;
}

/** Over which buckets, samples and times counts had to be forced to be monotonic. */
class ForcedDetails implements MergeableDetails {
  constructor(
    private readonly minMs: number,
    private readonly maxMs: number,
    private readonly forced: ForcedMonotonicity,
    /** A Go integer: doubled at each step, it overflows. */
    private readonly samples: bigint,
  ) {}

  merge(newer: MergeableDetails): MergeableDetails {
    if (!(newer instanceof ForcedDetails)) return this;
    const forced = {
      minBound: Math.min(this.forced.minBound, newer.forced.minBound),
      maxBound: Math.max(this.forced.maxBound, newer.forced.maxBound),
      maxDifference: Math.max(this.forced.maxDifference, newer.forced.maxDifference),
    };
    const samples = BigInt.asIntN(64, this.samples + newer.samples);
    return new ForcedDetails(
      Math.min(this.minMs, newer.minMs),
      Math.max(this.maxMs, newer.maxMs),
      forced,
      samples,
    );
  }

  toString(): string {
    const { minBound, maxBound, maxDifference } = this.forced;
    const bounds = `from buckets ${formatG(minBound)} to ${formatG(maxBound)}`;
    const times = `from ${utcSeconds(this.minMs)} to ${utcSeconds(this.maxMs)}`;
    return `, ${bounds}, with a max diff of ${formatG(maxDifference, 2)}, over ${this.samples} samples ${times}`;
  }
}

/** `2006-01-02T15:04:05Z` */
function utcSeconds(atMs: number): string {
  return `${new Date(Math.trunc(atMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
