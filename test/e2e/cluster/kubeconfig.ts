import { writeFileSync } from 'node:fs';
import type { Identity } from '../../control-plane/pki';

/** Writes a file with which programs, and kubectl, act as an identity. */
export function writeKubeconfig(
  path: string,
  server: string,
  caCertificate: string,
  identity: Identity,
): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'main' } }],
    clusters: [{ name: 'main', cluster: { server, 'certificate-authority-data': base64(caCertificate) } }],
    users: [
      {
        name: 'main',
        user: {
          'client-certificate-data': base64(identity.certificate),
          'client-key-data': base64(identity.key),
        },
      },
    ],
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
  return path;
}
