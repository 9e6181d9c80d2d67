import { promFakeApp } from '../../apps/prom-fake/app';
import { ask, start, stopAll } from './running';

afterEach(stopAll);

describe('prom-fake', () => {
  it('exports the number that it was sent', async () => {
    const { url } = await start(promFakeApp);
    const value = () => ask(`${url}/value`).then(({ body }) => body);
    expect(await value()).toBe('0.000000\n');
    expect((await ask(`${url}/metrics`)).body).toContain('# TYPE prom_fake_value gauge\nprom_fake_value 0\n');
    const set = await ask(`${url}/value`, { method: 'POST', body: '123' });
    expect(set).toMatchObject({ status: 200, body: '123.000000\n' });
    expect((await ask(`${url}/metrics`)).body).toContain('\nprom_fake_value 123\n');
  });

  it('refuses what is no number, and keeps the one it has', async () => {
    const { url } = await start(promFakeApp);
    await ask(`${url}/value`, { method: 'POST', body: '5' });
    expect(await ask(`${url}/value`, { method: 'POST', body: 'abc' })).toMatchObject({
      status: 400,
      body: '"abc" is not a number: send one like 10, -2.5, 1e3, Inf or NaN\n',
    });
    const long = await ask(`${url}/value`, { method: 'POST', body: '1'.repeat(1000) });
    expect(long.status).toBe(400);
    expect(long.body).toMatch(/^"1{40}" is not a number/);
    expect(await ask(`${url}/value`, { method: 'DELETE' })).toMatchObject({
      status: 405,
      allow: 'GET, POST, HEAD',
    });
    expect((await ask(`${url}/value`)).body).toBe('5.000000\n');
  });
});
