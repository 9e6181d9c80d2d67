import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { messageOf } from '../../core/errors';
import type { Identity } from './pki';

export interface Http2LoadOptions {
  readonly port: number;
  readonly ca: string;
  readonly serverName: string;
  readonly identity: Identity;
  readonly headers: OutgoingHttpHeaders;
  /** Connections, and requests at a time on each. */
  readonly connections: number;
  readonly streams: number;
}

/**
 * A connection, and the last request on it that the server may have taken: none until it has said a word, any then, and
 * with its goodbye the one that it names.
 */
interface Connection {
  readonly session: ClientHttp2Session;
  lastTaken: number;
}

/** A request without a whole answer. */
interface Unanswered {
  readonly connection: Connection;
  readonly stream: number;
  readonly text: string;
}

/**
 * Requests over HTTP/2 without a pause, as kube-apiserver's: those that the server has not taken when it says goodbye are
 * sent again on another connection.
 */
export class Http2Load {
  answered = 0;
  /** Codes with which the server said goodbye. */
  readonly goodbyes: number[] = [];
  private readonly wrong: string[] = [];
  private readonly unanswered: Unanswered[] = [];
  private stopping = false;

  constructor(private readonly options: Http2LoadOptions) {}

  /** Requests that the server had taken, or may have, and did not answer well; known once all connections have ended. */
  get failed(): readonly string[] {
    const taken = this.unanswered.filter(({ connection, stream }) => stream <= connection.lastTaken);
    return [...this.wrong, ...taken.map(({ text }) => text)];
  }

  /**
   * Asks until it is told to stop, or the server takes no connections any more.
   * @param isLeaving whether the server is expected to take none
   */
  async run(path: string, isLeaving: () => boolean): Promise<void> {
    const connection = async () => {
      while (!this.stopping) {
        const opened = await this.open().catch((error: unknown) => {
          // A connection that was not there yet had no requests.
          if (!isLeaving()) this.wrong.push(messageOf(error));
          return undefined;
        });
        if (!opened) return;
        await Promise.all(Array.from({ length: this.options.streams }, () => this.ask(opened, path)));
        opened.session.close();
      }
    };
    await Promise.all(Array.from({ length: this.options.connections }, connection));
  }

  stop(): void {
    this.stopping = true;
  }

  /** Asks on one connection as long as it is there. */
  private async ask(connection: Connection, path: string): Promise<void> {
    const { session } = connection;
    while (!this.stopping && !session.closed && !session.destroyed) {
      const outcome = await this.request(connection, path);
      // That Prometheus has no sample, since a busy machine kept it from scraping, is not what is looked for here.
      if (outcome === '200' || outcome?.includes('the query has no results')) this.answered += 1;
      else if (outcome !== undefined) this.wrong.push(outcome);
    }
  }

  /** @returns the status of an answer, with its body if that is not 200 */
  private request(connection: Connection, path: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const stream = connection.session.request({ ...this.options.headers, ':path': path });
      let status = '';
      let whole = false;
      let problem = '';
      stream.on('response', (headers) => (status = String(headers[':status'])));
      let body = '';
      stream.on('data', (chunk) => (body += String(chunk)));
      stream.on('end', () => (whole = true));
      stream.on('error', (error) => (problem = messageOf(error)));
      stream.on('close', () => {
        if (whole && status !== '') return resolve(status === '200' ? status : `${status} ${body}`);
        // Which requests it has not taken may be said only after they are given up.
        const text = `stream ${stream.id}: ${problem} (code ${stream.rstCode}, status ${status || 'none'})`;
        this.unanswered.push({ connection, stream: stream.id ?? Infinity, text });
        resolve(undefined);
      });
    });
  }

  private open(): Promise<Connection> {
    const { port, ca, serverName, identity } = this.options;
    const session = connect(`https://127.0.0.1:${port}`, {
      ...{ ca, cert: identity.certificate, key: identity.key, servername: serverName },
    });
    const connection: Connection = { session, lastTaken: 0 };
    // A server that does not listen any more ends connections on which only the client has shaken hands.
    session.once('remoteSettings', () => (connection.lastTaken = Infinity));
    session.on('goaway', (code: number, last?: number) => {
      this.goodbyes.push(code);
      connection.lastTaken = last ?? 0;
    });
    return new Promise((resolve, reject) => {
      session.on('error', reject);
      session.once('connect', () => resolve(connection));
      session.once('close', () => reject(new Error('the connection was closed')));
    });
  }
}
