import type { Dashboard, TimeSeriesPanel } from './dashboard';

const PREFIX = 'plimsoll_adapter';

/** Whose series a dashboard shows, and how often it is drawn anew. */
export interface AdapterDashboardProps {
  /** `job` label of its series: the name of its Service. */
  readonly job: string;
  /** Time between two refreshes, e.g. `10s`. */
  readonly refresh: string;
  /** Range over which rates are averaged, at least four scrapes. Default `5m`. */
  readonly window?: string;
}

/** A metrics adapter by its own metrics: what it is asked, what it asks, what it knows, and how well it is. */
export function adapterDashboard({ job, refresh, window = '5m' }: AdapterDashboardProps): Dashboard {
  const series = new AdapterSeries(job, window);
  return {
    uid: 'plimsoll-adapter',
    title: 'Metrics adapter',
    refresh,
    rows: [requests(series), sources(series), savings(series), knowledge(series), health(series)],
  };
}

/** PromQL over the series of one adapter, without their common prefix. */
class AdapterSeries {
  constructor(
    private readonly job: string,
    readonly window: string,
  ) {}

  gauge(name: string): string {
    return this.ofProcess(`${PREFIX}_${name}`);
  }

  /** A series that every program has: `process_resident_memory_bytes`. */
  ofProcess(name: string): string {
    return `${name}{job="${this.job}"}`;
  }

  rate(counter: string, ...by: readonly string[]): string {
    return `sum by (${by.join(', ')}) (rate(${this.gauge(counter)}[${this.window}]))`;
  }

  quantile(quantile: number, histogram: string, by: string): string {
    return `histogram_quantile(${quantile}, ${this.rate(`${histogram}_bucket`, by, 'le')})`;
  }
}

function requests(series: AdapterSeries): readonly TimeSeriesPanel[] {
  return [
    {
      title: 'Requests',
      unit: 'reqps',
      queries: [{ expr: series.rate('requests_total', 'group', 'code'), legend: '{{group}} {{code}}' }],
    },
    {
      title: 'Duration of requests',
      description: 'The autoscaler asks for one metric after the other, five autoscalers at a time.',
      unit: 's',
      queries: [
        { expr: series.quantile(0.5, 'request_duration_seconds', 'group'), legend: '{{group}} p50' },
        { expr: series.quantile(0.99, 'request_duration_seconds', 'group'), legend: '{{group}} p99' },
      ],
    },
    {
      title: 'Requests in flight',
      unit: 'short',
      queries: [{ expr: series.gauge('requests_in_flight'), legend: '{{pod}}' }],
    },
  ];
}

function sources(series: AdapterSeries): readonly TimeSeriesPanel[] {
  return [
    {
      title: 'Queries to sources',
      unit: 'reqps',
      queries: [
        { expr: series.rate('source_queries_total', 'source', 'outcome'), legend: '{{source}} {{outcome}}' },
      ],
    },
    {
      title: 'Duration of queries, p99',
      unit: 's',
      queries: [
        { expr: series.quantile(0.99, 'source_query_duration_seconds', 'source'), legend: '{{source}}' },
      ],
    },
    {
      title: 'Sources that answer',
      description: '1 while a source answers, 0 while it does not.',
      unit: 'short',
      queries: [{ expr: series.gauge('source_up'), legend: '{{source}} {{pod}}' }],
    },
  ];
}

function savings(series: AdapterSeries): readonly TimeSeriesPanel[] {
  return [
    {
      title: 'Where answers come from',
      description: 'miss: a query was made; hit: its result was fresh; coalesced: it was under way already.',
      unit: 'reqps',
      queries: [{ expr: series.rate('cache_requests_total', 'result'), legend: '{{result}}' }],
    },
    {
      title: 'Requests per fused query',
      description: 'How many requests one query answers, by rule; rules that are not fused are not shown.',
      unit: 'short',
      queries: [
        {
          expr: `${series.rate('fused_requests_total', 'rule')} / ${series.rate('fused_queries_total', 'rule')}`,
          legend: '{{rule}}',
        },
      ],
    },
    {
      title: 'Age of samples, p99',
      unit: 's',
      queries: [{ expr: series.quantile(0.99, 'sample_age_seconds', 'rule'), legend: '{{rule}}' }],
    },
  ];
}

function knowledge(series: AdapterSeries): readonly TimeSeriesPanel[] {
  return [
    {
      title: 'Metrics that are served',
      unit: 'short',
      queries: [{ expr: series.gauge('discovered_metrics'), legend: '{{group}} {{pod}}' }],
    },
    {
      title: 'Age of the listing',
      unit: 's',
      queries: [{ expr: series.gauge('discovery_age_seconds'), legend: '{{source}} {{pod}}' }],
    },
    {
      title: 'Errors by rule',
      unit: 'reqps',
      queries: [
        { expr: series.rate('rule_errors_total', 'rule', 'reason'), legend: '{{rule}} {{reason}}' },
        {
          expr: series.rate('discovery_errors_total', 'source', 'rule'),
          legend: '{{rule}} listing of {{source}}',
        },
      ],
    },
  ];
}

function health(series: AdapterSeries): readonly TimeSeriesPanel[] {
  return [
    {
      title: 'Time until certificates expire',
      unit: 's',
      queries: [
        {
          expr: `${series.gauge('certificate_expiry_timestamp_seconds')} - time()`,
          legend: '{{certificate}} {{pod}}',
        },
      ],
    },
    {
      title: 'Memory',
      unit: 'bytes',
      queries: [{ expr: series.ofProcess('process_resident_memory_bytes'), legend: '{{pod}}' }],
    },
    {
      title: 'CPU',
      description: 'Cores.',
      unit: 'short',
      queries: [
        {
          expr: `rate(${series.ofProcess('process_cpu_seconds_total')}[${series.window}])`,
          legend: '{{pod}}',
        },
      ],
    },
  ];
}
