import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { messageOf, UsageError } from '../../../core/errors';
import { certificateBlocks } from '../../../core/kube/pem';
import type { KeyPair, Validity } from './issue';

/** A pair that was read: its own certificate, and its key. */
export interface ReadPair {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/**
 * The certificates of a PEM text, in its order.
 * @param where names the text in errors
 * @throws UsageError if there is none, or one cannot be read
 */
export function readCertificates(text: string, where: string): X509Certificate[] {
  const blocks = certificateBlocks(text);
  if (blocks.length === 0) throw new UsageError(`${where}: no certificate in PEM`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new UsageError(`${where}: a certificate cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Reads a certificate with its key.
 * @param where names their texts in errors
 * @throws UsageError if one cannot be read, or they do not belong together
 */
export function readPair(
  pair: KeyPair,
  where: { readonly certificate: string; readonly key: string },
): ReadPair {
  const [certificate] = readCertificates(pair.certificate, where.certificate);
  const key = readKey(pair.key, where.key);
  if (!certificate?.checkPrivateKey(key)) {
    throw new UsageError(`${where.key}: not the key of the certificate in ${where.certificate}`);
  }
  return { certificate, key };
}

/** @throws UsageError if it cannot be read */
export function readKey(text: string, where: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new UsageError(`${where}: no private key in PEM: ${messageOf(error)}`);
  }
}

export function validityOf({ validFrom, validTo }: X509Certificate): Validity {
  return { notBeforeMs: Date.parse(validFrom), notAfterMs: Date.parse(validTo) };
}

/** Whether a certificate is for a name or an address. */
export function isFor(certificate: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
}
