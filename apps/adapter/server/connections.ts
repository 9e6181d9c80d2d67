import { type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';
import { type X509Certificate } from 'node:crypto';
import { type Peer } from '../auth';

/** The connections that are open, from the first byte of their handshake on, and who is at their other ends. */
export class Connections {
  private readonly open = new Set<Socket>();
  private readonly peers = new Map<Socket, Peer>();
  private readonly perAddress = new Map<string, number>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.open.size;
  }

  /** Connections whose handshake is not done. */
  get shakingHands(): number {
    return this.open.size - this.peers.size;
  }

  /**
   * Counts a connection that was just accepted, before it costs a handshake.
   * @returns false if the address has as many as it may; then the socket is destroyed
   */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress;
    const open = this.perAddress.get(address ?? '') ?? 0;
    // Without an address the client is gone already.
    if (address === undefined || open >= this.most) {
      socket.destroy();
      return false;
    }
    this.perAddress.set(address, open + 1);
    this.open.add(socket);
    socket.once('close', () => this.left(socket, address));
    return true;
  }

  /**
   * Takes a connection whose handshake is done.
   * @returns false if the client is gone; then the socket is destroyed
   */
  secured(socket: TLSSocket): boolean {
    const address = socket.remoteAddress;
    if (address === undefined) {
      socket.destroy();
      return false;
    }
    this.peers.set(socket, { address, certificates: certificatesOf(socket) });
    socket.once('close', () => this.peers.delete(socket));
    return true;
  }

  /** @throws for a socket whose handshake is not done */
  peer(socket: Socket): Peer {
    const peer = this.peers.get(socket);
    if (!peer) throw new Error('a request came on a connection without a handshake');
    return peer;
  }

  /** Ends when all are closed. */
  async destroyAll(): Promise<void> {
    await Promise.all(
      [...this.peers.keys(), ...this.open].map((socket) => {
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        socket.destroy();
        return closed;
      }),
    );
  }

  private left(socket: Socket, address: string): void {
    this.open.delete(socket);
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
