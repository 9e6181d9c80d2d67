import { z } from 'zod';
import { MISSING_REASONS } from './verdict';

const labels = z.record(z.string(), z.string());
const value = z.object({
  /** The name of the object; absent for an external metric. */
  object: z.string().optional(),
  /** Of the sample of an external metric. */
  labels: labels.optional(),
  value: z.string(),
});
/** Samples have their values as Prometheus spells them. */
const result = z.union([
  z.object({ error: z.string() }),
  z.object({
    type: z.literal('vector'),
    samples: z.array(z.object({ labels, value: z.string() })),
    /** How many samples there are besides. */
    more: z.number().optional(),
  }),
  z.object({ type: z.literal('scalar'), value: z.string() }),
  z.object({ type: z.enum(['matrix', 'string']) }),
]);
/** Whether one query can answer for the objects of many autoscalers: that query, or why not. */
const fusion = z.union([
  z.object({ fusable: z.literal(true), query: z.string() }),
  z.object({ fusable: z.literal(false), reason: z.string() }),
]);
const verdict = z.object({
  reason: z.enum(MISSING_REASONS),
  text: z.string(),
  /** The rule that it is said of, such as `rules[0]`. */
  rule: z.string().optional(),
});
const verdicts = {
  /** The first link that keeps the value from an autoscaler. */
  missing: verdict.optional(),
  /** What the other rules make of the request, where none serves it. */
  others: z.array(verdict),
  /** What is true and surprising. */
  notes: z.array(z.string()),
};
/** Where the rule's queries go, when they were evaluated (RFC 3339), and how long a result counts. */
const asked = { source: z.string(), at: z.string(), freshnessSeconds: z.number().optional() };
/** How old the newest sample behind the values is, of several objects of the one that lags, or why that is not known. */
const age = z.union([
  z.object({ ageSeconds: z.number(), object: z.string().optional() }),
  z.object({ unknown: z.string() }),
]);

const metricExplanation = z.object({
  kind: z.literal('MetricExplanation'),
  metric: z.string(),
  namespace: z.string().optional(),
  objects: z.union([z.string(), z.array(z.string()).readonly()]).optional(),
  rule: z.string().optional(),
  series: z.string().optional(),
  ...asked,
  query: z.string().optional(),
  fusion: fusion.optional(),
  result: result.optional(),
  newestSample: age.optional(),
  values: z.array(value),
  ...verdicts,
});

const usage = z.object({ cpu: z.string(), memory: z.string() });
const usageExplanation = z.object({
  kind: z.literal('ResourceMetricsExplanation'),
  resource: z.enum(['pods', 'nodes']),
  rule: z.literal('resourceRules'),
  ...asked,
  queries: z.array(
    z.object({
      of: z.enum(['cpu', 'memory', 'time']),
      /** Absent for nodes. */
      namespace: z.string().optional(),
      query: z.string(),
      fusion,
      result,
    }),
  ),
  values: z.array(
    z.object({
      object: z.string(),
      namespace: z.string().optional(),
      /** End of the window that the usage is of, RFC 3339. */
      timestamp: z.string(),
      /** Of a node. */
      usage: usage.optional(),
      /** Of a pod. */
      containers: z.array(usage.extend({ name: z.string() })).optional(),
    }),
  ),
  ...verdicts,
});

/** What `/explain` of the adapter answers, as JSON. */
export const adapterExplanation = z.discriminatedUnion('kind', [metricExplanation, usageExplanation]);

export type MetricExplanationJson = z.infer<typeof metricExplanation>;
export type UsageExplanationJson = z.infer<typeof usageExplanation>;
export type ResultJson = z.infer<typeof result>;
export type FusionJson = z.infer<typeof fusion>;
export type AdapterExplanation = z.infer<typeof adapterExplanation>;
