import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, inClusterAccess } from '../../../apps/kube-api';

/** A certificate of 127.0.0.1 that vouches for itself. */
function certificate(folder: string) {
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=kubernetes', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

describe('a server with a certificate', () => {
  let folder: string;
  let server: Server;
  let tls: ReturnType<typeof certificate>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'account-'));
    tls = certificate(folder);
    server = createServer(tls, (request, response) =>
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
    expect(await ask(tls.cert)).toEqual({ authorization: 'Bearer secret' });
  });

  it('is told nothing if they do not', async () => {
    const other = mkdtempSync(join(folder, 'other-'));
    await expect(ask(certificate(other).cert)).rejects.toThrow(/self-signed certificate/);
  });
});
