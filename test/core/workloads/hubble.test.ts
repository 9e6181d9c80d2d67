import { NotSupportedError } from '../../../core/errors';
import { HUBBLE_METRICS, programFor, type FlowEnd, type HttpFlow } from '../../../core/workloads';
import { setting } from './fixture';

function agent(config: Record<string, string>) {
  const container = "{ name: agent, image: 'quay.io/cilium/cilium:v1.20.0' }";
  return programFor(setting(container, { 'cilium-config': config }), []);
}

function end(pod: string): FlowEnd {
  return { ip: '10.0.0.1', namespace: 'ns', pod, workload: 'web', workloadKind: 'Deployment', app: 'shop' };
}

const FLOW: HttpFlow = {
  source: end('client-1'),
  destination: end('web-1'),
  method: 'GET',
  protocol: 'HTTP/1.1',
  status: 200,
  reporter: 'server',
};
const OUTSIDE: FlowEnd = { ip: '', namespace: '', pod: '', workload: '', workloadKind: '', app: '' };
const FIXED = { method: 'GET', protocol: 'HTTP/1.1', status: '200', reporter: 'server' };

describe('the Cilium agent', () => {
  it('labels requests as its configuration says', () => {
    const { observes } = agent({
      'hubble-metrics':
        'dns drop httpV2:exemplars=true;labelsContext=source_namespace,destination_pod,traffic_direction',
    });
    expect(observes?.labelsOf(FLOW)).toEqual({
      ...FIXED,
      source_namespace: 'ns',
      destination_pod: 'web-1',
      traffic_direction: 'ingress',
    });
  });

  it.each([
    ['sourceContext=pod', { source: 'ns/client-1' }],
    ['destinationContext=workload-name', { destination: 'web' }],
    ['sourceContext=app|pod;destinationContext=namespace', { source: 'shop', destination: 'ns' }],
  ])('understands %s', (options, labels) => {
    const { observes } = agent({ 'hubble-metrics': `httpV2:${options}` });
    expect(observes?.labelsOf(FLOW)).toEqual({ ...FIXED, ...labels });
    expect(Object.values(observes?.labelsOf({ ...FLOW, source: OUTSIDE }) ?? {})).not.toContain('/');
  });

  it('forgets the series of a pod only on sides that name namespace and pod', () => {
    const { observes } = agent({
      'hubble-metrics': 'httpV2:labelsContext=source_pod,destination_namespace,destination_pod',
    });
    expect(observes?.forgets).toEqual({ source: false, destination: true });
  });

  it('exports what it is told to, at the port it is told', () => {
    const program = agent({
      'hubble-metrics': 'httpV2:labelsContext=destination_pod',
      'hubble-metrics-server': ':9999',
    });
    expect(program.exports?.series['requests']?.labels).toEqual([
      'method',
      'protocol',
      'status',
      'reporter',
      'destination_pod',
    ]);
    expect([program.exposes(9999, '/metrics'), program.exposes(9965, '/metrics')]).toEqual([true, false]);
    expect(program.notModelled).toEqual([HUBBLE_METRICS.series.duration.name]);
  });

  it.each([{}, { 'hubble-metrics': 'dns drop' }])('exports nothing with %j', (config) => {
    const program = agent(config);
    expect(program.observes).toBeUndefined();
    expect(program.exposes(9965, '/metrics')).toBe(false);
  });

  it.each([
    ['http:labelsContext=source_pod', 'Hubble metric http: use httpV2'],
    ['httpV2:labelsContext=source_zone', 'label source_zone'],
    ['httpV2:sourceContext=dns', 'sourceContext=dns'],
    ['httpV2:other=1', 'option other'],
  ])('refuses %s', (metrics, message) => {
    expect(() => agent({ 'hubble-metrics': metrics })).toThrow(NotSupportedError);
    expect(() => agent({ 'hubble-metrics': metrics })).toThrow(message);
  });
});
