import { parse } from 'yaml';
import { z } from 'zod';
import { parsePrometheusDuration } from '../../../core/kube/duration';
import type { ComparableJob, ComparableRule } from './comparable-job';

/** What Prometheus takes where its configuration names no interval and no timeout (`config.DefaultGlobalConfig`). */
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;
/** What the operator leaves to the reloader, which puts the number of the shard there. */
const SHARD = '$(SHARD)';

/** Ports and numbers of shards stand there as numbers, which Prometheus reads as texts. */
const text = z.union([z.string(), z.number()]).transform((value) => String(value));

const rule = z.strictObject({
  source_labels: z.array(z.string()).default([]),
  separator: z.string().default(';'),
  target_label: z.string().default(''),
  regex: text.default('(.*)'),
  modulus: z.number().default(0),
  replacement: text.default('$1'),
  action: z.string().default('replace'),
});

const discovery = z.strictObject({
  role: z.string(),
  namespaces: z.strictObject({ names: z.array(z.string()) }).optional(),
  attach_metadata: z.strictObject({ node: z.boolean() }).optional(),
  selectors: z.array(z.strictObject({ role: z.string(), label: z.string() })).optional(),
});

/** Fields that the rehearsal has no use for: it models no TLS, no authentication and no limits. */
const unused = {
  honor_timestamps: z.unknown().optional(),
  track_timestamps_staleness: z.unknown().optional(),
  follow_redirects: z.unknown().optional(),
  enable_http2: z.unknown().optional(),
  tls_config: z.unknown().optional(),
  bearer_token_file: z.unknown().optional(),
  sample_limit: z.unknown().optional(),
  target_limit: z.unknown().optional(),
  label_limit: z.unknown().optional(),
  label_name_length_limit: z.unknown().optional(),
  label_value_length_limit: z.unknown().optional(),
  keep_dropped_targets: z.unknown().optional(),
  body_size_limit: z.unknown().optional(),
  scrape_protocols: z.unknown().optional(),
  fallback_scrape_protocol: z.unknown().optional(),
};

/** Every field is named, so that one which the comparison would leave out makes it fail. */
const scrapeConfig = z.strictObject({
  job_name: z.string(),
  honor_labels: z.boolean(),
  kubernetes_sd_configs: z.tuple([discovery]),
  scrape_interval: z.string().optional(),
  scrape_timeout: z.string().optional(),
  metrics_path: z.string().default('/metrics'),
  params: z.record(z.string(), z.array(z.string())).default({}),
  scheme: z.string().default('http'),
  relabel_configs: z.array(rule),
  metric_relabel_configs: z.array(rule).default([]),
  ...unused,
});
type ScrapeConfig = z.infer<typeof scrapeConfig>;

const configuration = z.looseObject({
  global: z.looseObject({ scrape_interval: z.string().optional(), scrape_timeout: z.string().optional() }),
  scrape_configs: z.array(scrapeConfig).nullish(),
});

interface Timing {
  readonly interval: number;
  readonly timeout: number;
}

/**
 * The jobs of a configuration that the operator wrote, as one shard reads them; none of an empty one.
 * @throws ZodError if it has a field that nobody compares
 */
export function jobsOfConfiguration(yaml: string, shard: number): ComparableJob[] {
  if (yaml.trim() === '') return [];
  const { global, scrape_configs: configs } = configuration.parse(
    parse(yaml.replaceAll(SHARD, String(shard))),
  );
  const usual = timing(global, { interval: DEFAULT_INTERVAL_MS, timeout: DEFAULT_TIMEOUT_MS });
  return (configs ?? []).map((config) => comparable(config, timing(config, usual)));
}

/** As Prometheus completes them (`config.ScrapeConfig.Validate`): zero means unset. */
function timing(
  fields: { readonly scrape_interval?: string | undefined; readonly scrape_timeout?: string | undefined },
  usual: Timing,
): Timing {
  const interval = parsePrometheusDuration(fields.scrape_interval ?? '0') || usual.interval;
  const timeout = parsePrometheusDuration(fields.scrape_timeout ?? '0');
  return { interval, timeout: timeout || Math.min(usual.timeout, interval) };
}

function comparable(config: ScrapeConfig, { interval, timeout }: Timing): ComparableJob {
  const [found] = config.kubernetes_sd_configs;
  return {
    name: config.job_name,
    role: found.role,
    namespaces: found.namespaces?.names ?? 'all',
    selectors: found.selectors ?? [],
    attachNode: found.attach_metadata?.node ?? false,
    interval,
    timeout,
    path: config.metrics_path,
    scheme: config.scheme,
    params: config.params,
    honorLabels: config.honor_labels,
    relabelings: config.relabel_configs.map(comparableRule),
    metricRelabelings: config.metric_relabel_configs.map(comparableRule),
  };
}

function comparableRule(read: z.infer<typeof rule>): ComparableRule {
  return {
    sourceLabels: read.source_labels,
    separator: read.separator,
    targetLabel: read.target_label,
    regex: read.regex,
    modulus: read.modulus,
    replacement: read.replacement,
    action: read.action,
  };
}
