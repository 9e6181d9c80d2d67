import { type KeyObject, type X509Certificate } from 'node:crypto';
import { createAuthority, issuerNameOf, issueServing, type KeyPair, type Validity } from './issue';
import { dueMs, LIFETIME_MS, validFrom } from './lifetimes';
import { isFor, readCertificates, readKey, readPair, validityOf } from './pem';

/** Keys of the Secret, as Secrets of type `kubernetes.io/tls` and cert-manager have them, and the authority's key. */
export const SECRET_KEYS = ['tls.crt', 'tls.key', 'ca.crt', 'ca.key'] as const;

/** The certificates as the Secret holds them, in PEM; what is missing is the empty text. */
export type SecretContent = Readonly<Record<(typeof SECRET_KEYS)[number], string>>;

/** What is asked of the certificates. */
export interface Wanted {
  /** DNS names and addresses of the server, the most telling first. */
  readonly names: readonly string[];
  /** Common name of an authority that has to be made; its time is added. */
  readonly authorityName: string;
  readonly nowMs: number;
  /** From 0 to 1, the same for the life of a process. */
  readonly chance: number;
  /** Whether those who check the certificate have long known the authorities that the Secret holds. */
  readonly trusted: boolean;
}

/** Certificates that can be used. */
export interface Held {
  readonly serving: KeyPair;
  /** Authorities to trust, PEM: those that signed what some replica may serve now, and the next one. */
  readonly bundle: string;
  readonly validity: Validity;
  /** Of the authority that signs. */
  readonly authority: Validity;
  /** When the next certificate has to be made; in the past while that waits for trust in its authority. */
  readonly dueMs: number;
}

/** What is to be done with the Secret: nothing, or to write this content, and why. */
export type Decision =
  | { readonly kind: 'keep'; readonly held: Held }
  | { readonly kind: 'write'; readonly content: SecretContent; readonly reasons: readonly string[] };

interface Authority {
  readonly name: string;
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

interface Parts {
  readonly authorities: readonly X509Certificate[];
  readonly signing: Authority | undefined;
  readonly serving: X509Certificate | undefined;
}

/** More than a rotation needs; what else is in the Secret was not put there by a replica. */
const MOST_AUTHORITIES = 4;

/**
 * Decides what becomes of the certificates in the Secret. Whatever is in it, what is good of it is kept and the rest is
 * made anew.
 *
 * A new authority is written beside the old ones, while the certificate of the old one stays: only when those who check
 * have known the new authority for a while, a certificate of it takes the place. So at any time each replica serves one
 * that is trusted, whichever version of the Secret it has seen.
 */
export function decide(content: SecretContent, wanted: Wanted): Decision {
  const { nowMs, chance, trusted } = wanted;
  const { authorities, signing, serving } = partsOf(content, wanted);
  const usable = signing && dueMs(validityOf(signing.certificate), chance) > nowMs ? signing : undefined;
  if (!usable) return replaceAuthority(content, wanted, { authorities, signing, serving });
  const bundle = bundleOf(authorities);
  if (!serving)
    return renew(content, wanted, usable, bundle, 'there is no serving certificate that can be used');
  const due = dueMs(validityOf(serving), chance);
  const old = !isSignedBy(serving, usable.certificate);
  if (trusted && (due <= nowMs || old)) {
    const reason = old ? 'its authority was replaced' : 'it is near its end';
    return renew(content, wanted, usable, bundle, `the serving certificate is replaced: ${reason}`);
  }
  if (bundle !== content['ca.crt']) {
    return {
      kind: 'write',
      content: { ...content, 'ca.crt': bundle },
      reasons: ['the authorities are tidied up'],
    };
  }
  const authority = validityOf(usable.certificate);
  return {
    kind: 'keep',
    held: {
      serving: { certificate: content['tls.crt'], key: content['tls.key'] },
      ...{ bundle, authority, validity: validityOf(serving) },
      dueMs: old ? nowMs : Math.min(due, dueMs(authority, chance)),
    },
  };
}

function partsOf(content: SecretContent, { names, nowMs }: Wanted): Parts {
  const authorities = authoritiesOf(content['ca.crt'], nowMs);
  const key = attempt(() => readKey(content['ca.key'], 'ca.key'));
  const certificate = key && authorities.find((authority) => authority.checkPrivateKey(key));
  const name = certificate && issuerNameOf(certificate);
  const serving = attempt(
    () =>
      readPair(
        { certificate: content['tls.crt'], key: content['tls.key'] },
        { certificate: 'tls.crt', key: 'tls.key' },
      ).certificate,
  );
  const good =
    serving &&
    isValid(validityOf(serving), nowMs) &&
    names.every((name) => isFor(serving, name)) &&
    authorities.some((authority) => isSignedBy(serving, authority));
  return {
    authorities,
    signing: key && certificate && name !== undefined ? { name, certificate, key } : undefined,
    serving: good ? serving : undefined,
  };
}

function replaceAuthority(content: SecretContent, wanted: Wanted, parts: Parts): Decision {
  const { nowMs, authorityName } = wanted;
  const validity = validFrom(nowMs, LIFETIME_MS.authority);
  const name = `${authorityName} ${new Date(nowMs).toISOString()}`;
  const made = createAuthority(name, validity);
  const { certificate, key } = readPair(made, { certificate: 'ca.crt', key: 'ca.key' });
  const bundle = bundleOf([certificate, ...parts.authorities]);
  const reason = parts.signing ? 'the authority is near its end' : 'there is no authority that can sign';
  const next = { ...content, 'ca.crt': bundle, 'ca.key': made.key };
  if (parts.serving) return { kind: 'write', content: next, reasons: [reason] };
  const renewed = renew(
    next,
    wanted,
    { name, certificate, key },
    bundle,
    'there is no serving certificate either',
  );
  return { ...renewed, reasons: [reason, ...renewed.reasons] };
}

function renew(
  content: SecretContent,
  { names, nowMs }: Wanted,
  { name, key }: Authority,
  bundle: string,
  reason: string,
): Extract<Decision, { kind: 'write' }> {
  const validity = validFrom(nowMs, LIFETIME_MS.serving);
  const pair = issueServing(names, validity, { name, key });
  return {
    kind: 'write',
    content: { ...content, 'tls.crt': pair.certificate, 'tls.key': pair.key, 'ca.crt': bundle },
    reasons: [reason],
  };
}

/** Those of a text that may sign and are not over, as they stand there; what else is in it is passed over. */
function authoritiesOf(text: string, nowMs: number): X509Certificate[] {
  const certificates = attempt(() => readCertificates(text, 'ca.crt')) ?? [];
  return certificates
    .filter((certificate) => certificate.ca && validityOf(certificate).notAfterMs > nowMs)
    .filter((certificate) => isSignedBy(certificate, certificate))
    .slice(0, MOST_AUTHORITIES);
}

function bundleOf(authorities: readonly X509Certificate[]): string {
  return authorities
    .slice(0, MOST_AUTHORITIES)
    .map((authority) => authority.toString())
    .join('');
}

function isSignedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function isValid({ notBeforeMs, notAfterMs }: Validity, nowMs: number): boolean {
  return notBeforeMs <= nowMs && nowMs < notAfterMs;
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
