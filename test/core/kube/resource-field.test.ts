import { resourceFieldValue } from '../../../core/kube/resource-field';

const main = {
  name: 'main',
  resources: { requests: { cpu: '1250m', memory: '1000001' }, limits: { cpu: '2', memory: '2Mi' } },
};
const sidecar = { name: 'sidecar', resources: { limits: { cpu: '100m' } } };
const spec = { containers: [main, { name: 'bare' }], initContainers: [sidecar] };

describe('a resource as a variable', () => {
  it.each([
    ['requests.cpu', undefined, '2'],
    ['requests.cpu', '1m', '1250'],
    ['requests.cpu', '0', '2'],
    ['limits.cpu', 1, '2'],
    ['requests.memory', undefined, '1000001'],
    ['requests.memory', '1Ki', '977'],
    ['limits.memory', '1Mi', '2'],
  ])('is %s in units of %s, rounded up: %s', (resource, divisor, value) => {
    const field = { resource, ...(divisor === undefined ? {} : { divisor }) };
    expect(resourceFieldValue(field, main, spec)).toBe(value);
  });

  it('may be that of another container, of the pod, whose limit is its request', () => {
    const of = (containerName: string, resource: string) =>
      resourceFieldValue({ resource, containerName, divisor: '1m' }, main, spec);
    expect(of('sidecar', 'requests.cpu')).toBe('100');
    expect(of('bare', 'requests.cpu')).toBe('0');
    expect(of('bare', 'limits.cpu')).toBeUndefined();
    expect(of('other', 'requests.cpu')).toBeUndefined();
  });

  it('is not known for other resources', () => {
    expect(resourceFieldValue({ resource: 'limits.ephemeral-storage' }, main, spec)).toBeUndefined();
  });
});
