import type { ScenarioInput } from '../../core/model';
import { DEFAULT_AUTOSCALING } from '../../core/model';
import {
  autoscalerOf,
  client,
  conditionOf,
  finalReplicas,
  PLAIN_CHAIN,
  playPlain,
  problemText,
  valuesOf,
} from './fixture';

const UPSTREAM = 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0';
const OURS = 'registry.example.com:5000/team/plimsoll/adapter:0.1.0';
const PROMETHEUS = 'monitoring/prometheus-main';
const ADAPTER = 'monitoring/adapter';
const RULE = '      - seriesQuery: \'http_requests_total{namespace!="",pod!=""}\'';

type Change = (yaml: string) => string;

/** Text that is there is replaced, so that a change cannot be lost unseen. */
function changed(...[from, to]: [string, string]): Change {
  return (yaml) => {
    if (!yaml.includes(from)) throw new Error(`the chain has no ${from}`);
    return yaml.replace(from, () => to);
  };
}

/** The same manifests behind either adapter. */
function sideBySide(
  change: Change = (yaml) => yaml,
  scenario: Partial<ScenarioInput> = {},
  cluster: Parameters<typeof playPlain>[2] = {},
) {
  const play = (image: string) =>
    playPlain(
      { clients: [client(35)], ...scenario },
      (yaml) => change(changed(UPSTREAM, image)(yaml)),
      cluster,
    );
  return { upstream: play(UPSTREAM), ours: play(OURS) };
}

/** When the metric had a value at last and at first, by the syncs. */
function knownAt(timeline: ReturnType<typeof playPlain>, fromMs = 0): number | undefined {
  const { atMs } = autoscalerOf(timeline, 'app').syncs;
  const values = valuesOf(timeline, 'app');
  return atMs.find((ms, index) => ms >= fromMs && values[index] !== null);
}

function neverKnown(timeline: ReturnType<typeof playPlain>): boolean {
  return valuesOf(timeline, 'app').every((value) => value === null);
}

function messageOf(timeline: ReturnType<typeof playPlain>): string | undefined {
  return conditionOf(timeline, 'app', 'ScalingActive')?.message;
}

describe('a rule that is broken', () => {
  it('keeps prometheus-adapter from starting, and hurts nothing else in ours', () => {
    const unknown = `      - seriesQuery: orders_total
        resources: { overrides: { widget: { resource: widget } } }
        metricsQuery: sum(<<.Series>>) by (<<.GroupBy>>)
${RULE}`;
    const { upstream, ours } = sideBySide(changed(RULE, unknown));
    expect(neverKnown(upstream)).toBe(true);
    expect(problemText(upstream)).toMatch(/the adapter does not start: .*rules\[0\].*widget/);
    expect(finalReplicas(upstream, 'app')).toBe(1);
    expect(problemText(ours)).toMatch(/rules\[0\] is not served: .*widget/);
    expect(finalReplicas(ours, 'app')).toBe(4);
  });

  it('with a selector that Prometheus refuses leaves prometheus-adapter without metrics, ours with all others', () => {
    const refused = `      - seriesQuery: '{job=""}'
        resources: { template: <<.Resource>> }
        metricsQuery: sum(<<.Series>>) by (<<.GroupBy>>)
${RULE}`;
    const { upstream, ours } = sideBySide(changed(RULE, refused));
    expect(neverKnown(upstream)).toBe(true);
    expect(problemText(upstream)).toContain('series cannot be listed: bad_data');
    expect(finalReplicas(ours, 'app')).toBe(4);
    expect(problemText(ours)).toContain('rules[0]: series cannot be listed: bad_data');
  });
});

describe('a metric that was not listed yet', () => {
  const slow = changed('relist-interval=1m', 'relist-interval=3m');

  it('waits for the next listing of prometheus-adapter; ours asks at once, as the rule names its series', () => {
    const { upstream, ours } = sideBySide(slow);
    expect(knownAt(upstream)).toBe(195_012);
    expect(knownAt(ours)).toBe(45_002);
  });

  it('is looked for by ours when somebody asks, if the rule does not name its series', () => {
    const unnamed = changed('http_requests_total{', '{__name__=~"^http_.+",');
    const { upstream, ours } = sideBySide((yaml) => slow(unnamed(yaml)));
    expect(knownAt(upstream)).toBe(195_012);
    expect(knownAt(ours)).toBe(45_002);
  });

  it('has its reason in what ours answers', () => {
    const other = changed("as: '${1}_per_second'", "as: '${1}_a_minute'");
    const { upstream, ours } = sideBySide(other, { duration: '2m' });
    expect(messageOf(upstream)).toMatch(/could not find the metric http_requests_per_second for pods$/);
    expect(messageOf(ours)).toMatch(
      /could not find the metric http_requests_per_second for pods: the metric is not registered: no rule makes it/,
    );
  });
});

describe('an outage of Prometheus', () => {
  const during = { duration: '5m', outages: [{ workload: PROMETHEUS, from: '3m', until: '10m' }] };

  it('is a failure of prometheus-adapter, and of the source to ours; nobody scales', () => {
    const { upstream, ours } = sideBySide(undefined, during);
    expect(messageOf(upstream)).toMatch(
      /custom metrics API: Internal error occurred: unable to fetch metrics$/,
    );
    expect(messageOf(ours)).toMatch(
      /custom metrics API: unable to fetch metrics: Prometheus is unavailable$/,
    );
    for (const timeline of [upstream, ours]) {
      expect(problemText(timeline)).toContain('no pod behind the Service is ready');
      expect(finalReplicas(timeline, 'app')).toBe(4);
    }
  });

  it('in which the adapter begins anew costs prometheus-adapter a whole interval after it', () => {
    const outages = [
      { workload: PROMETHEUS, from: '3m', until: '6m' },
      { workload: ADAPTER, from: '4m', until: '5m' },
    ];
    const { upstream, ours } = sideBySide(changed('relist-interval=1m', 'relist-interval=5m'), {
      duration: '13m',
      outages,
    });
    // From the listing that failed after 5 minutes to the next one.
    expect(knownAt(upstream, 360_000)).toBeGreaterThan(600_000);
    expect(knownAt(ours, 360_000)).toBeLessThan(400_000);
  });

  it('at the start is over for ours with the first listing that succeeds, and those are tried with growing pauses', () => {
    const { upstream, ours } = sideBySide(undefined, { duration: '2m' });
    const of = ({ problems }: typeof ours) =>
      problems.find(({ message }) => message.includes('series cannot be listed'));
    expect(of(upstream)).toMatchObject({ firstMs: 4000, lastMs: 64_000 });
    // 1, 2 and 4 seconds after the one before.
    expect(of(ours)).toMatchObject({ firstMs: 4000, lastMs: 11_000 });
  });
});

describe('a result that is fresh', () => {
  /** The value of the metric is the second that it was evaluated at. */
  const clock = changed(
    'sum(rate(<<.Series>>{<<.LabelMatchers>>}[1m])) by (<<.GroupBy>>)',
    'time() + 0 * sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
  );
  const often = { autoscaling: { ...DEFAULT_AUTOSCALING, syncPeriod: '5s' } };
  const fixed = { duration: '2m', noise: false, clients: [client(1)] };

  function ages(timeline: ReturnType<typeof playPlain>): number[] {
    const { atMs } = autoscalerOf(timeline, 'app').syncs;
    const start = valuesOf(timeline, 'app').map((value, index) => Number(value) - (atMs[index] ?? 0) / 1000);
    const known = start.filter((_, index) => valuesOf(timeline, 'app')[index] !== null);
    return known.map((difference) => Math.round(difference));
  }

  it('is used again by ours, for half the usual period of the autoscaler', () => {
    const onePod = (yaml: string) => clock(yaml).replace('maxReplicas: 10', 'maxReplicas: 1');
    const { upstream, ours } = sideBySide(onePod, fixed, often);
    expect(new Set(ages(upstream))).toEqual(new Set([0]));
    const seen = ages(ours);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.every((age, index) => age === (index % 2 === 0 ? 0 : -5))).toBe(true);
  });

  it('is used again as long as a rule says', () => {
    const minute = (yaml: string) =>
      clock(yaml)
        .replace('maxReplicas: 10', 'maxReplicas: 1')
        .replace('    rules:\n', '    plimsoll: { freshness: 40s }\n    rules:\n');
    const { ours } = sideBySide(minute, { ...fixed, duration: '3m' });
    expect(ages(ours).slice(0, 6)).toEqual([0, -15, -30, 0, -15, -30]);
  });
});

describe('what only one of them reads', () => {
  const section = changed('    rules:\n', '    plimsoll: { nan: skip }\n    rules:\n');

  it('a section plimsoll keeps prometheus-adapter from starting', () => {
    const { upstream, ours } = sideBySide(section);
    expect(problemText(upstream)).toContain('prometheus-adapter exits at a key that it does not know');
    expect(neverKnown(upstream)).toBe(true);
    expect(finalReplicas(ours, 'app')).toBe(4);
  });

  it('a source of a rule is down for the rules that read from it', () => {
    const sources = (yaml: string) =>
      yaml
        .replace(
          '    rules:\n',
          "    plimsoll: { sources: { far: { url: 'http://far.monitoring.svc:9090' } } }\n    rules:\n",
        )
        .replace(RULE, `${RULE}\n        plimsoll: { source: far }`);
    const timeline = playPlain({ clients: [client(35)] }, (yaml) => sources(changed(UPSTREAM, OURS)(yaml)));
    expect(messageOf(timeline)).toMatch(/unable to fetch metrics: source far is unavailable$/);
    expect(problemText(timeline)).toContain('Service monitoring/far does not exist');
  });

  it('what keeps a metric unknown is told of the sources that the rules read from, not of the flags', () => {
    const near = (yaml: string) =>
      yaml
        .replace('http://prometheus.monitoring.svc:9090/', 'https://metrics.example.com/')
        .replace(
          '    rules:\n',
          "    plimsoll: { sources: { near: { url: 'http://prometheus.monitoring.svc:9090' } } }\n    rules:\n",
        )
        .replace(
          RULE,
          `${RULE.replace('http_requests_total', 'orders_total')}\n        plimsoll: { source: near }`,
        );
    const timeline = playPlain({ clients: [client(35)] }, (yaml) => near(changed(UPSTREAM, OURS)(yaml)));
    expect(problemText(timeline)).toContain('rules[0] (orders_total');
    expect(problemText(timeline)).toContain('no series is selected');
  });

  it('ours watches the pods of all namespaces, prometheus-adapter lists those of one', () => {
    const inNamespace = (yaml: string) =>
      yaml.replace(
        'kind: ClusterRoleBinding\nmetadata: { name: adapter-reader }',
        'kind: RoleBinding\nmetadata: { name: adapter-reader, namespace: shop }',
      );
    expect(inNamespace(PLAIN_CHAIN)).not.toBe(PLAIN_CHAIN);
    const { upstream, ours } = sideBySide(inNamespace);
    expect(finalReplicas(upstream, 'app')).toBe(4);
    expect(messageOf(ours)).toContain('unable to list matching resources');
    expect(problemText(ours)).toContain('ServiceAccount monitoring/adapter may not list, watch pods');
  });
});
