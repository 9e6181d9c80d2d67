import { hpaConfig, type HpaPod } from '../../../core/hpa';
import { isFailure } from '../../../core/hpa/controller/inputs';
import { utilizationReplicas } from '../../../core/hpa/controller/per-pod-replicas';
import { podRequest } from '../../../core/hpa/controller/requests';
import { pod, requests, samples, viewOf } from './support';

function request(overrides: Partial<HpaPod>, container = '', resource = 'cpu', kubernetes = '1.35'): unknown {
  const result = podRequest(pod('web', overrides), container, resource, hpaConfig({ kubernetes }));
  return isFailure(result) ? result.error : result;
}

const APP = { name: 'app', requests: requests({ cpu: 250 }) };
const PROXY = { name: 'proxy', restartPolicy: 'Always', requests: requests({ cpu: 50 }) };
const SETUP = { name: 'setup', requests: requests({ cpu: 900 }) };

describe('requests of containers', () => {
  it('adds containers and sidecars, not other init containers', () => {
    expect(request({ containers: [APP, { ...APP, name: 'b' }], initContainers: [PROXY, SETUP] })).toBe(550);
  });

  it('can be those of one container or sidecar', () => {
    expect(request({ containers: [APP], initContainers: [PROXY] }, 'proxy')).toBe(50);
    expect(request({ containers: [{ name: 'bare' }, APP] }, 'app')).toBe(250);
  });

  it('are an error for a container that has none, also a sidecar', () => {
    const message = 'missing request for cpu in container proxy of Pod web';
    expect(request({ containers: [APP], initContainers: [{ ...PROXY, requests: {} }] })).toBe(message);
  });

  it('are an error for an unknown container since 1.35, and nothing before', () => {
    expect(request({ containers: [APP] }, 'other')).toBe('container other not found in Pod web');
    expect(request({ containers: [APP] }, 'other', 'cpu', '1.34')).toBe(0);
  });
});

describe('a resource of any name', () => {
  it.each(['constructor', 'toString', '__proto__'])('is missing where nothing requests it: %s', (name) => {
    expect(request({ containers: [APP] }, '', name)).toBe(
      `missing request for ${name} in container app of Pod web`,
    );
    expect(request({ containers: [APP] }, 'app', name)).toBe(
      `missing request for ${name} in container app of Pod web`,
    );
    expect(request({ containers: [APP], requests: requests({ memory: 1 }) }, '', name)).toBe(
      `missing pod-level request for ${name} in Pod web`,
    );
  });

  it('counts where something does', () => {
    const containers = [{ name: 'app', requests: requests({ constructor: 250 }) }];
    expect(request({ containers }, '', 'constructor')).toBe(250);
  });
});

describe('requests of the pod', () => {
  it('take the place of the containers since 1.34', () => {
    const overrides = { containers: [{ name: 'app' }], requests: requests({ cpu: 700 }) };
    expect(request(overrides)).toBe(700);
    expect(request(overrides, '', 'cpu', '1.33')).toBe('missing request for cpu in container app of Pod web');
  });

  it('do not count where one container is asked for', () => {
    expect(request({ containers: [APP], requests: requests({ cpu: 700 }) }, 'app')).toBe(250);
  });

  it('count only for CPU, memory and huge pages', () => {
    expect(request({ containers: [APP], requests: requests({ 'example.com/gpu': 1000 }) })).toBe(250);
    expect(
      request({ containers: [APP], requests: requests({ 'hugepages-2Mi': 1000 }) }, '', 'hugepages-2Mi'),
    ).toBe(1000);
    expect(request({ containers: [APP], requests: requests({ memory: 1, gpu: 1 }) }, '', 'gpu')).toBe(
      'missing pod-level request for gpu in Pod web',
    );
  });

  it('leave other resources to the containers, of which not all need a request', () => {
    const memory = requests({ memory: 1000 });
    expect(request({ containers: [APP, { name: 'b' }], initContainers: [PROXY], requests: memory })).toBe(
      300,
    );
    expect(request({ containers: [{ name: 'app' }], requests: memory })).toBe(
      'missing pod-level request for cpu in Pod web',
    );
  });

  it('are then at least what starting the pod takes', () => {
    const memory = requests({ memory: 1000 });
    expect(request({ containers: [APP], initContainers: [PROXY, SETUP], requests: memory })).toBe(950);
    expect(request({ containers: [APP], initContainers: [SETUP, PROXY], requests: memory })).toBe(900);
    expect(request({ containers: [{ name: 'app' }], initContainers: [SETUP], requests: memory })).toBe(900);
  });
});

it('requests of all pods with a sample add up', () => {
  const pods = [pod('pod-0'), pod('pod-1', { containers: [APP] })];
  const proposal = utilizationReplicas(samples([1000, 1250]), 'cpu', '', 100, viewOf(pods, 2));
  expect(proposal).toEqual({ replicas: 2, utilization: 100, usage: 1125 });
});
