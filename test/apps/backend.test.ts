import { backendApp } from '../../apps/backend/app';
import { ask, start, stopAll } from './running';

afterEach(stopAll);

describe('the backend', () => {
  it('echoes bodies, byte for byte', async () => {
    const { url } = await start(backendApp);
    const bytes = new Uint8Array([0, 255, 10, 128]);
    const response = await fetch(`${url}/echo?x=1`, { method: 'POST', body: bytes });
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    const headers = ['content-type', 'x-content-type-options'].map((name) => response.headers.get(name));
    expect(headers).toEqual(['application/octet-stream', 'nosniff']);
  });

  it('counts what it answers, and neither probes nor scrapes nor what it refuses', async () => {
    const { url } = await start(backendApp);
    await ask(`${url}/echo`, { method: 'POST', body: 'foo' });
    await ask(`${url}/a`);
    await ask(`${url}/a`);
    for (const path of ['/healthz', '/readyz', '/metrics', '/other']) await ask(url + path);
    await ask(`${url}/b`, { method: 'DELETE' });
    expect(await ask(`${url}/metrics`)).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      allow: null,
      body: [
        '# HELP echo_requests_total Requests answered on /echo.',
        '# TYPE echo_requests_total counter',
        'echo_requests_total 1',
        '# HELP a_requests_total Requests answered on /a.',
        '# TYPE a_requests_total counter',
        'a_requests_total 2',
        '# HELP b_requests_total Requests answered on /b.',
        '# TYPE b_requests_total counter',
        'b_requests_total 0',
        '',
      ].join('\n'),
    });
  });

  it('tells what it does not answer', async () => {
    const { url } = await start(backendApp);
    expect(await ask(`${url}/constructor`)).toMatchObject({
      status: 404,
      body: 'nothing is at /constructor\n',
    });
    expect(await ask(`${url}/metrics`, { method: 'POST' })).toMatchObject({
      status: 405,
      allow: 'GET, HEAD',
    });
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await ask(`${url}/metrics`, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });
});
