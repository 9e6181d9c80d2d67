import { hpaConfig, type HpaPod } from '../../../core/hpa';
import { podRequests } from '../../../core/hpa/requests';
import { pod } from './support';

const config = hpaConfig();

function request(overrides: Partial<HpaPod>, container = '', resource = 'cpu', kubernetes = '1.35'): unknown {
  const result = podRequests([pod('web', overrides)], container, resource, hpaConfig({ kubernetes }));
  return 'error' in result ? result.error : result.get('web');
}

const APP = { name: 'app', requests: { cpu: 250n } };
const PROXY = { name: 'proxy', restartPolicy: 'Always', requests: { cpu: 50n } };
const SETUP = { name: 'setup', requests: { cpu: 900n } };

describe('requests of containers', () => {
  it('adds containers and sidecars, not other init containers', () => {
    expect(request({ containers: [APP, { ...APP, name: 'b' }], initContainers: [PROXY, SETUP] })).toBe(550n);
  });

  it('can be those of one container or sidecar', () => {
    expect(request({ containers: [APP], initContainers: [PROXY] }, 'proxy')).toBe(50n);
    expect(request({ containers: [{ name: 'bare' }, APP] }, 'app')).toBe(250n);
  });

  it('are an error for a container that has none, also a sidecar', () => {
    const message = 'missing request for cpu in container proxy of Pod web';
    expect(request({ containers: [APP], initContainers: [{ ...PROXY, requests: {} }] })).toBe(message);
  });

  it('are an error for an unknown container since 1.35, and nothing before', () => {
    expect(request({ containers: [APP] }, 'other')).toBe('container other not found in Pod web');
    expect(request({ containers: [APP] }, 'other', 'cpu', '1.34')).toBe(0n);
  });
});

describe('requests of the pod', () => {
  it('take the place of the containers since 1.34', () => {
    const overrides = { containers: [{ name: 'app' }], requests: { cpu: 700n } };
    expect(request(overrides)).toBe(700n);
    expect(request(overrides, '', 'cpu', '1.33')).toBe('missing request for cpu in container app of Pod web');
  });

  it('do not count where one container is asked for', () => {
    expect(request({ containers: [APP], requests: { cpu: 700n } }, 'app')).toBe(250n);
  });

  it('count only for CPU, memory and huge pages', () => {
    expect(request({ containers: [APP], requests: { 'example.com/gpu': 1000n } })).toBe(250n);
    expect(request({ containers: [APP], requests: { 'hugepages-2Mi': 1000n } }, '', 'hugepages-2Mi')).toBe(
      1000n,
    );
    expect(request({ containers: [APP], requests: { memory: 1n, gpu: 1n } }, '', 'gpu')).toBe(
      'missing pod-level request for gpu in Pod web',
    );
  });

  it('leave other resources to the containers, of which not all need a request', () => {
    const memory = { memory: 1000n };
    expect(request({ containers: [APP, { name: 'b' }], initContainers: [PROXY], requests: memory })).toBe(
      300n,
    );
    expect(request({ containers: [{ name: 'app' }], requests: memory })).toBe(
      'missing pod-level request for cpu in Pod web',
    );
  });

  it('are then at least what starting the pod takes', () => {
    const requests = { memory: 1000n };
    expect(request({ containers: [APP], initContainers: [PROXY, SETUP], requests })).toBe(950n);
    expect(request({ containers: [APP], initContainers: [SETUP, PROXY], requests })).toBe(900n);
    expect(request({ containers: [{ name: 'app' }], initContainers: [SETUP], requests })).toBe(900n);
  });
});

describe('podRequests', () => {
  it('covers every listed pod', () => {
    const result = podRequests([pod('a'), pod('b', { containers: [APP] })], '', 'cpu', config);
    expect(result).toEqual(
      new Map([
        ['a', 2000n],
        ['b', 250n],
      ]),
    );
  });
});
