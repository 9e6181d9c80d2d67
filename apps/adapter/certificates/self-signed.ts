import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors';
import type { Logger } from '../../runtime';
import { issueServing, type KeyPair } from './issue';
import { LIFETIME_MS, validFrom } from './lifetimes';
import { readPair, validityOf } from './pem';

/** Names of a server that nobody told which it has; upstream's are the same. */
const NAMES = ['localhost', '127.0.0.1', '::1'];
/** As `k8s.io/apiserver` names them after its `PairName`. */
const FILES = { certificate: 'apiserver.crt', key: 'apiserver.key' } as const;

/**
 * A certificate for localhost that vouches for itself, for a server that was given none: it encrypts, but nobody can
 * check it. It is kept in a folder if that can be written, so that it stays the same for as long as it is good.
 * @param folder `--cert-dir`
 */
export async function selfSignedCertificate(folder: string, nowMs: number, logger: Logger): Promise<KeyPair> {
  const paths = { certificate: join(folder, FILES.certificate), key: join(folder, FILES.key) };
  const kept = await keptPair(paths, nowMs);
  if (kept) return kept;
  const made = issueServing(NAMES, validFrom(nowMs, LIFETIME_MS.authority));
  logger.warn('made a certificate for localhost that clients cannot check', {
    instead: 'set --tls-cert-file and --tls-private-key-file, or SERVING_SECRET and API_SERVICES',
  });
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(paths.key, made.key, { mode: 0o600 });
    await writeFile(paths.certificate, made.certificate, { mode: 0o644 });
  } catch (error) {
    logger.info('the certificate for localhost is not kept', { folder, cause: messageOf(error) });
  }
  return made;
}

/** A certificate for localhost in memory, until there is one that clients can check. */
export function temporaryCertificate(nowMs: number): KeyPair {
  return issueServing(NAMES, validFrom(nowMs, LIFETIME_MS.authority));
}

/** What lies in the folder, whoever put it there, if it is good. */
async function keptPair(
  paths: { readonly certificate: string; readonly key: string },
  nowMs: number,
): Promise<KeyPair | undefined> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(paths.certificate, 'utf8'),
      readFile(paths.key, 'utf8'),
    ]);
    const pair = { certificate, key };
    const read = readPair(pair, paths).certificate;
    const { notBeforeMs, notAfterMs } = validityOf(read);
    const good = notBeforeMs <= nowMs && nowMs < notAfterMs;
    return good ? pair : undefined;
  } catch {
    return undefined;
  }
}
