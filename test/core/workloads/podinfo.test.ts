import { PODINFO_METRICS, programFor, type IncomingRequest } from '../../../core/workloads';
import { setting } from './fixture';

const program = programFor(
  setting(
    `{ name: podinfo, image: 'ghcr.io/stefanprodan/podinfo:6.15.0', command: [./podinfo, --port=9898, --port-metrics, '9797'] }`,
  ),
  [],
);

function counted(port: number, method: string, path: string): Record<string, number> {
  const request: IncomingRequest = { from: 'client', port, method, path };
  const grown = program.series.filter((series) => series.growth(request) > 0);
  return Object.fromEntries(
    grown.map((series): [string, number] => [series.labels['status'] ?? '', series.growth(request)]),
  );
}

describe('podinfo', () => {
  it.each([
    ['GET', '/', '200'],
    ['GET', '/healthz', '200'],
    ['POST', '/token', '200'],
    ['PUT', '/echo/anything', '202'],
    ['GET', '/metrics', '200'],
    ['GET', '/token/validate', '401'],
  ])('counts %s %s on its main port by status', (method, path, status) => {
    expect(counted(9898, method, path)).toEqual({ [status]: 1 });
    expect(program.status(9898, { from: 'client', method, path })).toBe(Number(status));
  });

  it('counts nothing on its metrics port, nor a request without a route', () => {
    expect(counted(9797, 'GET', '/metrics')).toEqual({});
    expect(counted(9898, 'GET', '/nowhere')).toEqual({});
    expect(counted(9898, 'GET', '/token')).toEqual({});
  });

  it('answers what has no route with 404, a wrong method with 405, and no other port', () => {
    const ask = (port: number, path: string) => program.status(port, { from: 'client', method: 'GET', path });
    expect([ask(9898, '/nowhere'), ask(9898, '/token'), ask(9797, '/healthz'), ask(80, '/')]).toEqual([
      404,
      405,
      200,
      undefined,
    ]);
  });

  it('refuses paths whose answers depend on more than the request', () => {
    expect(() => program.status(9898, { from: 'client', method: 'GET', path: '/panic' })).toThrow(
      'not supported: what podinfo answers on /panic',
    );
  });

  it('exposes its metrics on both ports', () => {
    expect([9898, 9797, 80].map((port) => program.exposes(port, PODINFO_METRICS.path))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('has no metrics port unless it is told one', () => {
    const plain = programFor(setting("{ name: podinfo, image: 'stefanprodan/podinfo' }"), []);
    expect(plain.exposes(9797, '/metrics')).toBe(false);
    expect(plain.status(9898, { from: 'client', method: 'GET', path: '/' })).toBe(200);
  });
});
