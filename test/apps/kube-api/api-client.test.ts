import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { ApiClient, inClusterAccess } from '../../../apps/kube-api';
import { LOOPBACK_TLS } from './certificate';

describe('a server with a certificate', () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'account-'));
    server = createServer(LOOPBACK_TLS, (request, response) =>
      response.end(JSON.stringify({ authorization: request.headers.authorization })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    writeFileSync(join(folder, 'token'), 'secret\n');
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const ask = (authorities: string): Promise<unknown> => {
    writeFileSync(join(folder, 'ca.crt'), authorities);
    const { port } = server.address() as AddressInfo;
    const client = new ApiClient(inClusterAccess({ host: '127.0.0.1', port }, folder));
    return client.get('/version', 5000, new AbortController().signal);
  };

  it('is told the token if the authorities of the cluster vouch for it', async () => {
    expect(await ask(LOOPBACK_TLS.cert)).toEqual({ authorization: 'Bearer secret' });
  });

  it('is told nothing if they do not', async () => {
    const [other = ''] = rootCertificates;
    await expect(ask(other)).rejects.toThrow(/self-signed certificate/);
  });
});
