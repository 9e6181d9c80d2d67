import { checkObjects } from '../../../core/check';
import { defineScenario, type ScenarioInput } from '../../../core/model';
import { chain, summary } from './fixture';

const UNKNOWN = { object: 'Deployment shop/backend', replace: 'plimsoll/backend', by: 'ghcr.io/shop/echo' };

function declare(...programs: NonNullable<ScenarioInput['programs']>) {
  return defineScenario({ duration: '1m', programs }, 'test').programs;
}

function program(series: string) {
  return declare({ image: 'ghcr.io/shop/echo', port: 'http', series: [{ name: series, type: 'counter' }] });
}

describe('programs that a scenario declares', () => {
  it('are not verified without a scenario', () => {
    expect(summary(checkObjects(chain([UNKNOWN])))).toContain('info unknown-program Deployment shop/backend');
  });

  it('verify the metrics that are made of their series', () => {
    const findings = checkObjects(chain([UNKNOWN]), undefined, program('echo_requests_total'));
    expect(summary(findings)).toEqual([]);
  });

  it('show that a rule asks for another series', () => {
    const [first] = checkObjects(chain([UNKNOWN]), undefined, program('echo_request_total'));
    expect(first).toMatchObject({ check: 'series-not-scraped', severity: 'error' });
    expect(first?.message).toContain('did you mean "echo_request_total"');
  });

  it('show that nothing listens where it is scraped', () => {
    const elsewhere = declare({
      image: 'ghcr.io/shop/echo',
      port: 9999,
      series: [{ name: 'echo_requests_total', type: 'counter' }],
    });
    const found = checkObjects(chain([UNKNOWN]), undefined, elsewhere);
    expect(found.map(({ check }) => check)).toContain('scrape-without-metrics');
    expect(found.find(({ check }) => check === 'series-not-scraped')?.message).toContain(
      'does not get it from Deployment shop/backend, which exports it',
    );
  });
});

describe('a series that has a label of its target', () => {
  const DAEMON = 'DaemonSet kube-system/cilium';
  const RULES = 'ConfigMap monitoring/adapter-rules';
  const MONITOR = 'ServiceMonitor monitoring/hubble';
  const AGENT = declare({
    image: 'ghcr.io/shop/agent',
    series: [{ name: 'agent_requests_total', type: 'counter', labels: { pod: '', namespace: '' } }],
  });
  const edits = [
    { object: DAEMON, replace: 'quay.io/cilium/cilium', by: 'ghcr.io/shop/agent' },
    { object: RULES, replace: 'hubble_http_requests_total{destination_pod!=""}', by: 'agent_requests_total' },
    { object: RULES, replace: 'reporter="server",', by: '' },
    { object: RULES, replace: 'destination_namespace', by: 'namespace' },
    { object: RULES, replace: 'destination_pod', by: 'pod' },
  ];

  it('is of the scraped pod without honorLabels, and the fix names the label that has the other', () => {
    const plain = { object: MONITOR, replace: ', honorLabels: true', by: '' };
    const found = checkObjects(chain([...edits, plain]), undefined, AGENT).find(
      ({ check }) => check === 'metric-of-other-pods',
    );
    expect(found?.message).toContain(
      `label pod for the pod, but on agent_requests_total that is the scraped pod, one of ${DAEMON}`,
    );
    expect(found?.fix).toBe(
      `set honorLabels: true on the endpoint that scrapes ${DAEMON}, or map exported_pod`,
    );
  });

  it('is what the program says with honorLabels', () => {
    expect(summary(checkObjects(chain(edits), undefined, AGENT))).not.toContain(
      `error metric-of-other-pods ${RULES}`,
    );
  });
});
