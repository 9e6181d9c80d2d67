import { messageOf } from '../../../core/errors';
import { parseCertificate, parseCertificates, type ParsedCertificate } from './parsed-certificate';
import { type Peer } from './peer';

/** Whether a client's certificate is to be believed. */
export type ChainVerdict =
  | { readonly valid: true; readonly certificate: ParsedCertificate }
  | { readonly valid: false; readonly cause: string };

interface TimedVerdict {
  readonly verdict: ChainVerdict;
  /** First and last millisecond for which it holds: until one of the certificates begins or ends to be valid. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Certificates of a chain, the client's own and the root included. */
const MAX_DEPTH = 8;
/** Steps of a search (`maxChainSignatureChecks` of Go's `crypto/x509`): an unknown client chooses what is searched. */
const MAX_STEPS = 100;
/** Intermediate certificates of a client that are looked at. */
const MAX_INTERMEDIATES = 16;

/** What each client sent; read once for all roots. */
const parsedPeers = new WeakMap<Peer, readonly ParsedCertificate[] | string>();

/**
 * Certificate authorities whose word is taken for who a client is. OpenSSL checks a connection against one set of
 * authorities and does not say which of them it was; here two sets mean different things, and change while
 * connections are open. The rules are those of `Certificate.Verify` in Go's `crypto/x509` for client authentication,
 * except that authorities that limit names vouch only for certificates without alternative names.
 */
export class TrustRoots {
  private readonly roots: readonly ParsedCertificate[];
  private readonly verdicts = new WeakMap<Peer, TimedVerdict>();

  /**
   * @param pem one or more certificates
   * @throws if there is none, or one cannot be read
   */
  constructor(readonly pem: string) {
    this.roots = parseCertificates(pem);
  }

  /** @param nowMs milliseconds since 1970 */
  verify(peer: Peer, nowMs: number): ChainVerdict {
    const known = this.verdicts.get(peer);
    if (known && known.fromMs <= nowMs && nowMs <= known.untilMs) return known.verdict;
    const fresh = this.judge(peer, nowMs);
    this.verdicts.set(peer, fresh);
    return fresh.verdict;
  }

  private judge(peer: Peer, nowMs: number): TimedVerdict {
    const sent = parsedPeer(peer);
    if (typeof sent === 'string') {
      return { verdict: { valid: false, cause: sent }, fromMs: -Infinity, untilMs: Infinity };
    }
    const [leaf, ...intermediates] = sent;
    const verdict: ChainVerdict = leaf
      ? new ChainSearch(this.roots, intermediates, nowMs).judge(leaf)
      : { valid: false, cause: 'the client has no certificate' };
    const turns = [...sent, ...this.roots].flatMap((each) => [each.notBeforeMs, each.notAfterMs + 1]);
    return {
      verdict,
      fromMs: Math.max(-Infinity, ...turns.filter((turn) => turn <= nowMs)),
      untilMs: Math.min(Infinity, ...turns.filter((turn) => turn > nowMs)) - 1,
    };
  }
}

function parsedPeer(peer: Peer): readonly ParsedCertificate[] | string {
  const known = parsedPeers.get(peer);
  if (known !== undefined) return known;
  let parsed: readonly ParsedCertificate[] | string;
  try {
    parsed = peer.certificates.slice(0, 1 + MAX_INTERMEDIATES).map(parseCertificate);
  } catch (error) {
    parsed = `a certificate of the client cannot be read: ${messageOf(error)}`;
  }
  parsedPeers.set(peer, parsed);
  return parsed;
}

/** A search for a chain from one certificate to one of the roots. */
class ChainSearch {
  private steps = 0;
  private hint = 'no authority that is trusted has signed it';

  constructor(
    private readonly roots: readonly ParsedCertificate[],
    private readonly intermediates: readonly ParsedCertificate[],
    private readonly nowMs: number,
  ) {}

  judge(leaf: ParsedCertificate): ChainVerdict {
    const problem = this.problemOf(leaf, []);
    if (problem !== undefined) return { valid: false, cause: problem };
    // An operator may trust a single certificate.
    const trusted = this.roots.some(({ fingerprint }) => fingerprint === leaf.fingerprint);
    if (trusted || this.reachesRoot([leaf])) return { valid: true, certificate: leaf };
    return { valid: false, cause: this.hint };
  }

  /** @param chain from the client's certificate upwards; each is named by the one before, no signature is checked yet */
  private reachesRoot(chain: readonly ParsedCertificate[]): boolean {
    const child = chain.at(-1);
    if (!child || chain.length >= MAX_DEPTH) return false;
    for (const root of this.parentsOf(child, this.roots, chain)) {
      if (this.signed([...chain, root])) return true;
    }
    for (const parent of this.parentsOf(child, this.intermediates, chain)) {
      if (this.reachesRoot([...chain, parent])) return true;
    }
    return false;
  }

  private *parentsOf(
    child: ParsedCertificate,
    candidates: readonly ParsedCertificate[],
    chain: readonly ParsedCertificate[],
  ): Generator<ParsedCertificate> {
    for (const candidate of candidates) {
      if (candidate.subject !== child.issuer) continue;
      this.steps += 1;
      if (this.steps > MAX_STEPS) return;
      const { subject, publicKey } = candidate;
      if (chain.some((each) => each.subject === subject && each.publicKey === publicKey)) continue;
      const problem = this.problemOf(candidate, chain);
      if (problem === undefined) yield candidate;
      else this.hint = problem;
    }
  }

  /** Why a certificate cannot be the next of a chain. */
  private problemOf(certificate: ParsedCertificate, chain: readonly ParsedCertificate[]): string | undefined {
    const what = chain.length === 0 ? 'the certificate' : `the authority "${certificate.commonName}"`;
    const { defect } = certificate;
    if (defect !== undefined) return `${what} is not accepted: ${defect}`;
    if (this.nowMs < certificate.notBeforeMs) return `${what} is not valid yet`;
    if (this.nowMs > certificate.notAfterMs) return `${what} has expired`;
    if (!certificate.forClients) return `${what} is not for clients`;
    if (chain.length === 0) return undefined;
    if (!certificate.authority) return `${what} may not sign certificates`;
    if (chain.length - 1 > certificate.pathLength) return `${what} may not stand above so many others`;
    if (certificate.constrainsNames && chain[0]?.alternativeNames) return `${what} limits names`;
    return undefined;
  }

  /** Checks signatures from the root down: no key is used for anything before somebody trusted has signed it. */
  private signed(chain: readonly ParsedCertificate[]): boolean {
    for (let index = chain.length - 2; index >= 0; index -= 1) {
      const [child, parent] = [chain[index], chain[index + 1]];
      if (!child || !parent || !isSignedBy(child, parent)) {
        this.hint = 'a signature in the chain is wrong';
        return false;
      }
    }
    return true;
  }
}

function isSignedBy(child: ParsedCertificate, parent: ParsedCertificate): boolean {
  try {
    return child.handle.verify(parent.handle.publicKey);
  } catch {
    // A key of a kind that OpenSSL does not use for signatures.
    return false;
  }
}
