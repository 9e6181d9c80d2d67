import { connect } from 'node:http2';
import { serve } from './serving';

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** Lets some turns of the event loop pass. */
async function ticks(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) await tick();
}

// Node corrupts its memory where a connection over HTTP/2 is closed while its requests are given up; that ends the process.
test('strangers that give up requests on connections that are about to be closed do no harm', async () => {
  const body = 'x'.repeat(30_000);
  const own = await serve({
    async handler({ target }) {
      await ticks(Math.floor(Math.random() * 6));
      return { status: 200, type: 'text/plain', body: target === '/livez' ? 'ok' : body };
    },
  });
  let answers = 0;
  const client = async (number: number) => {
    for (let round = 0; round < 60; round += 1) {
      const session = connect(`https://127.0.0.1:${own.port}`, { rejectUnauthorized: false });
      session.on('error', () => undefined);
      const streams = ['/readyz', '/livez', '/readyz', '/livez', '/readyz', '/livez'].map((path) => {
        const stream = session.request({ ':path': path });
        stream.on('error', () => undefined);
        stream.on('response', () => (answers += 1));
        return stream.resume();
      });
      await ticks((round * 7 + number * 3) % 40);
      for (const [index, stream] of streams.entries()) if (index % 2 === 1) stream.close(8);
      await ticks((round * 5 + number) % 20);
      session.destroy();
    }
  };
  await Promise.all([0, 1, 2, 3, 4].map(client));
  expect(answers).toBeGreaterThan(0);
  await own.server.stop(0);
}, 30_000);
