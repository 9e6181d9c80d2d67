import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { messageOf, UsageError } from '../../../core/errors';
import { contextOptions, type TlsPolicy } from './tls-policy';

/** A certificate with its key; PEM. */
export interface ServingCertificate {
  /** With the intermediate certificates after it. */
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for clients that ask for certain names. */
export interface NamedCertificate extends ServingCertificate {
  /** Names, with `*.` in front for any first label; none: those that the certificate is for. */
  readonly names: readonly string[];
}

/** What the server shows to clients. */
export interface ServingMaterial {
  readonly certificate: ServingCertificate;
  /** `--tls-sni-cert-key`. The first that is for a name wins. */
  readonly named: readonly NamedCertificate[];
}

interface NamedContext {
  readonly names: ReadonlySet<string>;
  readonly context: SecureContext;
}

/** The contexts of connections by the name that the client asks for. */
export class ServingContexts {
  /** For the server itself. */
  readonly options: SecureContextOptions;
  private readonly named: readonly NamedContext[];

  /** @throws UsageError if a certificate cannot be read or does not belong to its key */
  constructor(material: ServingMaterial, policy: TlsPolicy) {
    const common = contextOptions(policy);
    this.options = checked(material.certificate, common, 'serving certificate').options;
    this.named = material.named.map((each) => {
      const { context } = checked(each, common, `certificate for ${each.names.join(', ') || 'its names'}`);
      return { names: new Set(each.names.length > 0 ? each.names : namesOf(each)), context };
    });
  }

  /** @returns `undefined` for the server's own */
  forName(name: string): SecureContext | undefined {
    const asked = name.toLowerCase();
    const wildcard = asked.replace(/^[^.]+/, '*');
    return this.named.find(({ names }) => names.has(asked) || names.has(wildcard))?.context;
  }
}

function checked(
  { certificate, key }: ServingCertificate,
  common: SecureContextOptions,
  what: string,
): { options: SecureContextOptions; context: SecureContext } {
  const options = { ...common, cert: certificate, key };
  try {
    return { options, context: createSecureContext(options) };
  } catch (error) {
    throw new UsageError(
      `${what}: ${messageOf(error)}; give a PEM certificate and the key that belongs to it`,
    );
  }
}

/** The DNS names that a certificate is for; its common name if there are none. */
function namesOf({ certificate }: ServingCertificate): string[] {
  const parsed = new X509Certificate(certificate);
  const names = (parsed.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice('DNS:'.length).toLowerCase());
  if (names.length > 0) return names;
  const commonName = /^CN=(.*)$/m.exec(parsed.subject)?.[1];
  return commonName === undefined ? [] : [commonName.toLowerCase()];
}
