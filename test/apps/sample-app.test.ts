import { hostname } from 'node:os';
import { sampleAppApp } from '../../apps/sample-app/app';
import { ask, start, stopAll } from './running';

afterEach(stopAll);

async function counted(url: string): Promise<string | undefined> {
  for (const path of ['/healthz', '/readyz', '/metrics']) await ask(url + path);
  return /^http_requests_total (\d+)$/m.exec((await ask(`${url}/metrics`)).body)?.[1];
}

describe('the sample app', () => {
  it('greets, and counts what it greets', async () => {
    const { url } = await start(sampleAppApp);
    await ask(url);
    expect((await ask(url)).body).toBe(`This is ${hostname()}. Requests so far: 2.\n`);
    expect(await counted(url)).toBe('2');
  });

  it('counts probes and scrapes too if it is told to', async () => {
    const { url } = await start(sampleAppApp, { COUNT: 'all' });
    await ask(url);
    expect(await counted(url)).toBe('5');
  });

  it('does not start with another word', async () => {
    await expect(start(sampleAppApp, { COUNT: 'some' })).rejects.toThrow(
      'COUNT="some": must be one of: app, all',
    );
  });
});
