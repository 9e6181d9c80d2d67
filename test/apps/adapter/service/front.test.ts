import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { issueServing } from '../../../../apps/adapter/certificates/issue';
import { Front } from '../../../../apps/adapter/service/front';
import { UsageError } from '../../../../core/errors';
import { backendBench, type BackendBench } from './backend-bench';

let tested: BackendBench;
let front: Front;

beforeEach(async () => {
  tested = await backendBench();
});
afterEach(async () => {
  await front.stop();
  await tested.end();
});

test('a certificate that cannot be shown keeps no other from being shown', async () => {
  const port = await listen();
  const unusable = { ...pairFor('named'), key: 'no key', names: [] };
  expect(() => front.show({ named: [unusable] })).toThrow('certificate for its names');
  front.show({ certificate: pairFor('second') });
  expect(await shownAt(port)).toBe('DNS:second');
});

/** Has it listen. @returns where */
async function listen(): Promise<number> {
  const { flags, bench, clients, backend } = tested;
  const port = await freePort();
  const serving = { ...flags.serving, bindAddress: '127.0.0.1', securePort: port };
  front = new Front({
    ...{ logger: bench.logger, version: '1.2.3', clients, backend },
    flags: { ...flags, serving },
    trust: { current: {} },
    checks: () => [],
  });
  front.show({ certificate: pairFor('first') });
  try {
    await front.listen();
    return port;
  } catch (error) {
    // Somebody else has taken it meanwhile.
    if (error instanceof UsageError) return listen();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function pairFor(name: string) {
  const now = Date.now();
  return issueServing([name], { notBeforeMs: now - 1000, notAfterMs: now + 86_400_000 });
}

/** The names of the certificate that a client gets to see. */
async function shownAt(port: number): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  const { subjectaltname } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}
