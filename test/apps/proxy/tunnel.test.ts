import type { Server } from 'node:https';
import { createServer, request } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { proxyFromEnvironment, TunnelAgent } from '../../../apps/proxy';
import { Authority } from '../adapter/sources/certificates';
import { FakeProxy } from './fake-proxy';

const authority = new Authority('tunnels');
let server: Server;
let fake: FakeProxy;
let agent: TunnelAgent;

beforeEach(async () => {
  server = createServer(authority.issue('server', '10.0.0.1'), (_asked, response) => response.end('good'));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake = await FakeProxy.start(() => (server.address() as AddressInfo).port);
  const proxy = proxyFromEnvironment(new URL('https://10.0.0.1'), { HTTPS_PROXY: fake.url });
  if (!proxy) throw new Error('no proxy');
  agent = new TunnelAgent({ proxy, inside: { keepAlive: true, timeout: 12_345, ca: authority.pem } });
});
afterEach(async () => {
  agent.destroy();
  await fake.stop();
  await new Promise((resolve) => server.close(resolve));
});

/** The socket on which it was answered. */
function ask(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const asked = request('https://10.0.0.1/', { agent }, (response) => {
      const { socket } = response;
      response.resume().once('close', () => resolve(socket));
    });
    asked.once('error', reject);
    asked.end();
  });
}

test('a tunnel is kept as long as its agent says', async () => {
  const socket = await ask();
  expect(socket.timeout).toBe(12_345);
  expect(await ask()).toBe(socket);
  while (Object.values(agent.freeSockets).length === 0) await new Promise((resolve) => setImmediate(resolve));
  socket.emit('timeout');
  expect(await ask()).not.toBe(socket);
  expect(fake.asked).toHaveLength(2);
});

test('a session of TLS is taken up again in the next tunnel', async () => {
  agent.maxFreeSockets = 0;
  const sessions: boolean[] = [];
  server.on('secureConnection', (socket) => sessions.push(socket.isSessionReused()));
  await ask();
  await ask();
  expect(sessions).toEqual([false, true]);
});
