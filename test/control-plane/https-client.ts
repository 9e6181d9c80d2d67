import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';

/** What a server said. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A reply with the whole head that it came with. */
export interface HeadedReply extends Reply {
  readonly headers: IncomingHttpHeaders;
}

export interface RequestOptions {
  readonly method?: string;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly timeoutMs?: number;
}

export interface ClientOptions {
  readonly port: number;
  /** Who must have signed the server's certificate. */
  readonly ca: string;
  /** The name that the certificate must have. */
  readonly serverName?: string;
  readonly identity?: { readonly certificate: string; readonly key: string };
  /** How many connections at most. */
  readonly connections?: number;
}

const TIMEOUT_MS = 70_000;

/** Requests of one identity to a server on 127.0.0.1, over connections that stay open. */
export class HttpsClient {
  private readonly agent: Agent;

  constructor(private readonly options: ClientOptions) {
    const { ca, identity, serverName = '127.0.0.1', connections = 16 } = options;
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: connections,
      ca,
      // An address is no name of SNI; the certificate is compared with the host then.
      ...(serverName === '127.0.0.1' ? {} : { servername: serverName }),
      ...(identity && { cert: identity.certificate, key: identity.key }),
    });
  }

  request(path: string, options: RequestOptions = {}): Promise<HeadedReply> {
    const { method = 'GET', body, contentType = 'application/json', timeoutMs = TIMEOUT_MS } = options;
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = Object.entries(options.headers ?? {}).map(
      ([name, value]): [string, string | string[]] => [name, typeof value === 'string' ? value : [...value]],
    );
    return new Promise((resolve, reject) => {
      const sent = request({
        agent: this.agent,
        host: '127.0.0.1',
        port: this.options.port,
        path,
        method,
        timeout: timeoutMs,
        headers: {
          ...Object.fromEntries(headers),
          ...(payload !== undefined && {
            'content-type': contentType,
            'content-length': Buffer.byteLength(payload),
          }),
        },
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)));
      sent.on('error', reject);
      sent.on('response', (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            headers: response.headers,
            text: Buffer.concat(pieces).toString('utf8'),
          }),
        );
      });
      sent.end(payload);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
