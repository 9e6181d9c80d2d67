import { type X509Certificate } from 'node:crypto';

/** The other end of a TLS connection. One object a connection: what is found out about it is kept by this object. */
export interface Peer {
  /** IP address. */
  readonly address: string;
  /** What the handshake proved it to own, and after it what it sent along; empty without a certificate. */
  readonly certificates: readonly X509Certificate[];
}
