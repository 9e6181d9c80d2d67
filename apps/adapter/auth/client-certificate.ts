import { type Credentials, type Recognition } from './authentication';
import { type ParsedCertificate } from './parsed-certificate';
import { type TrustRoots } from './trust-roots';

/** `user.CredentialIDKey` of k8s.io/apiserver. */
const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

const recognized = new WeakMap<ParsedCertificate, Recognition>();

/** Whom a client's own certificate names. */
export function recognizeByCertificate({ peer }: Credentials, roots: TrustRoots, nowMs: number): Recognition {
  if (peer.certificates.length === 0) return undefined;
  const verdict = roots.verify(peer, nowMs);
  if (!verdict.valid) return { cause: `client certificate: ${verdict.cause}` };
  if (!recognized.has(verdict.certificate)) recognized.set(verdict.certificate, named(verdict.certificate));
  return recognized.get(verdict.certificate);
}

/** As `CommonNameUserConversion` of k8s.io/apiserver. */
function named({ commonName, organizations, userIds, fingerprint }: ParsedCertificate): Recognition {
  if (commonName === '') return undefined;
  if (userIds.length > 1 || userIds[0] === '') return { cause: 'client certificate: its user id is not one' };

  return {
    name: commonName,
    uid: userIds[0] ?? '',
    groups: organizations,
    extra: { [CREDENTIAL_ID]: [`X509SHA256=${fingerprint}`] },
  };
}
