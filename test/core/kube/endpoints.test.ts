import { resolveTargetPort, selectsPod } from '../../../core/kube/endpoints';
import { parseImage, registryOf } from '../../../core/kube/image';

const spec = {
  containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }] }],
  initContainers: [
    {
      name: 'proxy',
      restartPolicy: 'Always',
      ports: [
        { name: 'admin', containerPort: 9000 },
        { name: 'http', containerPort: 9001 },
      ],
    },
    { name: 'setup', ports: [{ name: 'setup', containerPort: 1 }] },
  ],
};

describe('Service ports', () => {
  it.each([
    ['a number, declared or not', { port: 80, targetPort: 1234 }, 1234],
    ['the port itself without targetPort', { port: 8080 }, 8080],
    ['a container port by name, before that of a sidecar', { port: 80, targetPort: 'http' }, 8080],
    ['a sidecar port by name', { port: 80, targetPort: 'admin' }, 9000],
    ['nothing for the port of an ordinary init container', { port: 80, targetPort: 'setup' }, undefined],
    ['nothing for an unknown name', { port: 80, targetPort: 'web' }, undefined],
    [
      'nothing for the right name with another protocol',
      { port: 80, targetPort: 'http', protocol: 'UDP' },
      undefined,
    ],
  ])('lead to %s', (_, port, expected) => {
    expect(resolveTargetPort(port, spec)).toBe(expected);
  });

  it('are never those of pods when the Service has no selector', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'n' }, spec: {} };
    expect(selectsPod(service, 'n', {})).toBe(false);
  });

  it('select pods of their own namespace only', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'n' },
      spec: { selector: { a: 'b' } },
    };
    expect(selectsPod(service, 'n', { a: 'b', c: 'd' })).toBe(true);
    expect(selectsPod(service, 'm', { a: 'b' })).toBe(false);
  });
});

describe('image references', () => {
  it.each([
    ['nginx', { repository: 'nginx' }],
    ['plimsoll/backend:0.1.0', { repository: 'plimsoll/backend', tag: '0.1.0' }],
    ['localhost:5000/app', { repository: 'localhost:5000/app' }],
    ['quay.io/a/b:v1@sha256:00', { repository: 'quay.io/a/b', tag: 'v1', digest: 'sha256:00' }],
  ])('%s', (reference, expected) => {
    expect(parseImage(reference)).toEqual(expected);
  });

  it.each([
    ['nginx:1', undefined],
    ['plimsoll/backend:0.1.0', undefined],
    ['localhost/app', 'localhost'],
    ['registry:5000/app:1', 'registry:5000'],
    ['ghcr.io/a/b@sha256:00', 'ghcr.io'],
    ['quay.io', undefined],
  ])('%s names registry %s', (reference, host) => {
    expect(registryOf(reference)).toBe(host);
  });
});
