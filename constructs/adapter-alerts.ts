import { formatDuration, parseGoDuration } from '../core/kube/duration';
import type { Alert } from './alerts';

/** What the alerts of one adapter depend on. */
export interface AdapterAlertsProps {
  /** `job` label of its series: the name of its Service. */
  readonly job: string;
  /** Go duration between two discoveries. */
  readonly relistInterval: string;
  /** Where its operations are described; each alert is a heading there. Default `docs/adapter.md`. */
  readonly runbooks?: string;
}

const PREFIX = 'plimsoll_adapter';
/** Discoveries that may fail in a row before somebody is told. */
const MISSED_DISCOVERIES = 5;
/** In which errors of listings are counted: in several intervals, since one that is refused waits for the next. */
const ERRORS_MS = { least: 900_000, discoveries: 3 } as const;
const CERTIFICATE_DAYS = 7;
const DAY_SECONDS = 86_400;

/**
 * Alerts on the adapter's own metrics, in the order of how bad they are. Each replica lists and asks on its own, so that
 * one that is bad is enough: it answers its share of the requests.
 */
export function adapterAlerts(props: AdapterAlertsProps): readonly Alert[] {
  const { runbooks = 'docs/adapter.md' } = props;
  return [...serving(props), ...sources(props), ...configuration(props)].map((alert) => ({
    ...alert,
    runbook: `${runbooks}#${alert.name.toLowerCase()}`,
  }));
}

type Described = Omit<Alert, 'runbook'>;

function serving({ job }: AdapterAlertsProps): readonly Described[] {
  const of = `{job="${job}"}`;
  const requests = `sum by (group) (rate(${PREFIX}_requests_total${of}[5m]))`;
  const failed = `sum by (group) (rate(${PREFIX}_requests_total{job="${job}",code=~"5.."}[5m]))`;
  const duration = `sum by (group, le) (rate(${PREFIX}_request_duration_seconds_bucket${of}[5m]))`;
  return [
    {
      name: 'PlimsollAdapterDown',
      expr: `absent(up${of} == 1)`,
      for: '5m',
      severity: 'critical',
      summary: 'No replica of the metrics adapter is scraped',
      description: 'Autoscalers keep their size. Look at the pods, and at why Prometheus cannot scrape them.',
    },
    {
      name: 'PlimsollAdapterErrors',
      expr: `${failed} / ${requests} > 0.05`,
      for: '10m',
      severity: 'critical',
      summary: '{{ $value | humanizePercentage }} of the requests for {{ $labels.group }} fail',
      description: 'Autoscalers whose metric fails keep their size. Ask /explain for one of them.',
    },
    {
      name: 'PlimsollAdapterSlow',
      expr: `histogram_quantile(0.99, ${duration}) > 1`,
      for: '10m',
      severity: 'warning',
      summary: '1 of 100 requests for {{ $labels.group }} takes more than {{ $value | humanizeDuration }}',
      description: 'The autoscaler asks for one metric after the other: late answers make late decisions.',
    },
    {
      name: 'PlimsollAdapterCertificateExpires',
      expr: `${PREFIX}_certificate_expiry_timestamp_seconds${of} - time() < ${CERTIFICATE_DAYS * DAY_SECONDS}`,
      for: '1h',
      severity: 'warning',
      summary: 'The {{ $labels.certificate }} certificate of {{ $labels.pod }} expires soon',
      description: 'It is renewed long before that. Once it expires nobody can ask for a metric.',
    },
  ];
}

function sources({ job, relistInterval }: AdapterAlertsProps): readonly Described[] {
  const of = `{job="${job}"}`;
  const intervalMs = parseGoDuration(relistInterval);
  const stale = (MISSED_DISCOVERIES * intervalMs) / 1000;
  const window = `${Math.ceil(Math.max(ERRORS_MS.least, ERRORS_MS.discoveries * intervalMs) / 1000)}s`;
  return [
    {
      name: 'PlimsollAdapterSourceDown',
      expr: `min by (source) (${PREFIX}_source_up${of}) == 0`,
      for: '5m',
      severity: 'critical',
      summary: 'A replica of the metrics adapter gets no answers from source {{ $labels.source }}',
      description: 'Autoscalers whose metrics come from it keep their size. Look at that Prometheus first.',
    },
    {
      name: 'PlimsollAdapterNoMetrics',
      expr: `min by (group) (${PREFIX}_discovered_metrics${of}) == 0`,
      for: '15m',
      severity: 'warning',
      summary: 'The metrics adapter finds no metric for {{ $labels.group }}',
      description: 'No series of its rules exists: the rules select nothing, or nothing is scraped.',
    },
    {
      name: 'PlimsollAdapterDiscoveryStale',
      expr: `max by (source) (${PREFIX}_discovery_age_seconds${of}) > ${stale}`,
      for: '5m',
      severity: 'warning',
      summary: 'What source {{ $labels.source }} has was last listed {{ $value | humanizeDuration }} ago',
      description: `Known metrics are served, new ones are not found. It should be listed every ${formatDuration(intervalMs)}.`,
    },
    {
      name: 'PlimsollAdapterDiscoveryErrors',
      expr: `sum by (source, rule) (rate(${PREFIX}_discovery_errors_total${of}[${window}])) > 0`,
      for: '15m',
      severity: 'warning',
      summary: 'The series of {{ $labels.rule }} cannot be listed at source {{ $labels.source }}',
      description:
        'Its known metrics are served, new ones are not found. The log says what the source answers.',
    },
  ];
}

function configuration({ job }: AdapterAlertsProps): readonly Described[] {
  const of = `{job="${job}"}`;
  return [
    {
      name: 'PlimsollAdapterRuleBroken',
      expr: `min by (rule) (${PREFIX}_rule_up${of}) == 0`,
      for: '5m',
      severity: 'warning',
      summary: 'Rule {{ $labels.rule }} of the metrics adapter is wrong',
      description:
        'Its metrics are not served, those of other rules are. `plimsoll rules check` says what is wrong.',
    },
    {
      name: 'PlimsollAdapterRuleErrors',
      expr: `sum by (rule) (rate(${PREFIX}_rule_errors_total{job="${job}",reason="query"}[5m])) > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'Requests by rule {{ $labels.rule }} fail',
      description:
        'The source refuses its query, or a policy the result. Autoscalers of its metrics keep their size.',
    },
    {
      name: 'PlimsollAdapterReloadFailed',
      expr: `${PREFIX}_config_last_reload_successful${of} == 0`,
      for: '5m',
      severity: 'warning',
      summary: '{{ $labels.pod }} refused its new configuration',
      description:
        'It works with the last good one, which a new pod does not have. The log says what is wrong.',
    },
  ];
}
