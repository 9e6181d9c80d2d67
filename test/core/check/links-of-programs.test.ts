import { checkObjects, type Finding } from '../../../core/check';
import { chain, chainWithout, summary, type Edit } from './fixture';

const ADAPTER = 'Deployment monitoring/adapter';
const BACKEND = 'Deployment shop/backend';
const HPA = 'HorizontalPodAutoscaler shop/backend';
const LOAD = 'Deployment shop/load';
const RULES = 'ConfigMap monitoring/adapter-rules';

function check(object: string, replace: string, by: string): readonly Finding[] {
  return checkObjects(chain([{ object, replace, by }]));
}

function backendWith(more: string): Edit {
  const ports = 'ports: [{ name: http, containerPort: 8080 }]';
  return { object: BACKEND, replace: ports, by: `${ports}\n          ${more}` };
}

describe('what programs are told', () => {
  it.each<readonly [what: string, replace: string, by: string, expected: string, message: string]>([
    [
      'a rate that is none',
      '-rate=50/s',
      '-rate=fast',
      'error program-misconfigured',
      '-rate=fast is not a rate',
    ],
    [
      'a targets file that is not mounted',
      '=/targets/',
      '=/other/',
      'error program-misconfigured',
      'nothing is mounted at /other/list',
    ],
    ['a rate without limit', '-rate=50/s', '-rate=0', 'info program-not-understood', 'as fast as it can'],
    ['another command', '[attack, ', '[report, ', 'info program-not-understood', 'without "attack"'],
  ])('is a finding: %s', (_, replace, by, expected, message) => {
    const findings = check(LOAD, replace, by);
    expect(summary(findings)).toContain(`${expected} ${LOAD}`);
    expect(findings.find(({ check: id }) => id.startsWith('program-'))?.message).toContain(message);
  });

  it('is read in the configuration of the agent too', () => {
    const findings = check('ConfigMap kube-system/cilium-config', 'httpV2', 'http');
    expect(summary(findings)).toContain('info program-not-understood DaemonSet kube-system/cilium');
  });
});

describe('where programs are asked', () => {
  it.each<readonly [what: string, probe: string, expected: readonly string[]]>([
    ['a port that the container has', 'readinessProbe: { httpGet: { path: /a, port: http } }', []],
    ['the same by number', 'livenessProbe: { tcpSocket: { port: 8080 } }', []],
    ['a command', 'startupProbe: { exec: { command: [ls] } }', []],
    [
      'a port that it does not have',
      'readinessProbe: { httpGet: { path: /a, port: htpp } }',
      [`error probe-port-missing ${BACKEND}`],
    ],
    [
      'a port where nothing listens',
      'livenessProbe: { tcpSocket: { port: 8081 } }',
      [`error probe-fails ${BACKEND}`],
    ],
    [
      'a path that is not found',
      'startupProbe: { httpGet: { path: /nope, port: http } }',
      [`error probe-fails ${BACKEND}`],
    ],
  ])('a probe of %s', (_, probe, expected) => {
    expect(summary(checkObjects(chain([backendWith(probe)])))).toEqual(expected);
  });

  it('a scrape of a path without metrics', () => {
    const findings = check('PodMonitor shop/backend', 'port: http', 'port: http, path: /prometheus');
    expect(summary(findings)).toContain('error scrape-without-metrics PodMonitor shop/backend');
    expect(summary(findings)).toContain(`error series-not-scraped ${RULES}`);
  });

  it('the adapter on another port than its Service leads to', () => {
    const findings = check(ADAPTER, '--secure-port=6443', '--secure-port=8443');
    expect(summary(findings)).toEqual(['error adapter-misconfigured Service monitoring/adapter']);
  });

  it.each([
    ['https', 'http://prometheus', 'https://prometheus', 'it serves http, not https'],
    ['a path', ':9090/', ':9090/prometheus/', 'below /, not below /prometheus/'],
  ])('Prometheus by %s', (_, replace, by, message) => {
    const findings = check(ADAPTER, replace, by);
    expect(summary(findings)).toEqual([`error prometheus-unreachable ${ADAPTER}`]);
    expect(findings[0]?.message).toContain(message);
  });
});

describe('what the API server or the controller refuses', () => {
  it.each<readonly [what: string, edit: Edit, expected: readonly string[]]>([
    [
      'a selector that does not match its own template',
      {
        object: LOAD,
        replace: 'selector: { matchLabels: { app: load } }',
        by: 'selector: { matchLabels: { app: l } }',
      },
      [`error selector-without-own-pods ${LOAD}`],
    ],
    [
      'an autoscaler of a version that is gone',
      { object: HPA, replace: 'autoscaling/v2', by: 'autoscaling/v2beta2' },
      [`error autoscaler-version-gone ${HPA}`],
    ],
    [
      'a target without replicas',
      {
        object: BACKEND,
        replace: 'spec:\n  selector',
        by: 'spec:\n  replicas: 0\n  selector',
      },
      [`error scaling-disabled ${BACKEND}`, `warning replicas-owned-twice ${BACKEND}`],
    ],
  ])('%s', (_, edit, expected) => {
    expect(summary(checkObjects(chain([edit])))).toEqual(expected);
  });

  it('a query with a label that no series has', () => {
    const findings = check(
      RULES,
      '<<.Series>>{reporter="server",',
      '<<.Series>>{code="200",reporter="server",',
    );
    expect(summary(findings)).toEqual([`error query-without-series ${RULES}`]);
    expect(findings[0]?.message).toContain('code="200"');
  });
});

describe('the Prometheus Operator', () => {
  it('is missed where there is a Prometheus', () => {
    expect(summary(checkObjects(chainWithout('Deployment monitoring/operator')))).toContain(
      'error operator-missing Prometheus monitoring/main',
    );
  });

  it('needs access to its objects', () => {
    expect(summary(checkObjects(chainWithout('ClusterRoleBinding operator')))).toEqual([
      'error operator-access Deployment monitoring/operator',
    ]);
  });
});
