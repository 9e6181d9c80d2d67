import { type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';
import { type X509Certificate } from 'node:crypto';
import { type Peer } from '../auth';

/** The connections that are open, and who is at their other ends. */
export class Connections {
  private readonly peers = new Map<Socket, Peer>();
  private readonly perAddress = new Map<string, number>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.peers.size;
  }

  /** @returns false if the address has as many as it may; then the socket is destroyed */
  admit(socket: TLSSocket): boolean {
    const address = socket.remoteAddress;
    const open = this.perAddress.get(address ?? '') ?? 0;
    // Without an address the client is gone already.
    if (address === undefined || open >= this.most) {
      socket.destroy();
      return false;
    }
    this.perAddress.set(address, open + 1);
    this.peers.set(socket, { address, certificates: certificatesOf(socket) });
    socket.once('close', () => this.left(socket, address));
    return true;
  }

  /** @throws for a socket that was not admitted */
  peer(socket: Socket): Peer {
    const peer = this.peers.get(socket);
    if (!peer) throw new Error('a request came on a connection that was not admitted');
    return peer;
  }

  /** Ends when all are closed. */
  async destroyAll(): Promise<void> {
    await Promise.all(
      [...this.peers.keys()].map((socket) => {
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        socket.destroy();
        return closed;
      }),
    );
  }

  private left(socket: Socket, address: string): void {
    this.peers.delete(socket);
    const open = this.perAddress.get(address) ?? 0;
    if (open > 1) this.perAddress.set(address, open - 1);
    else this.perAddress.delete(address);
  }
}

/**
 * The certificates that the client sent, its own first. Node takes the others out of the connection to give them, so
 * this can be asked only once.
 */
function certificatesOf(socket: TLSSocket): readonly X509Certificate[] {
  const certificates: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next) {
    certificates.push(next);
    next = next.issuerCertificate;
  }
  return certificates;
}
