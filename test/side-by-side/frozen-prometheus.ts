import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import { portOf } from '../control-plane/ports';
import type { Prometheus } from '../control-plane/prometheus';

/** The part of the API that a time is given to. */
const INSTANT = /\/api\/v1\/query$/;
const LISTING = /\/api\/v1\/series$/;

/** What an adapter has asked, and is asking. */
interface Traffic {
  /** Listings of series that were answered. */
  listings: number;
  open: number;
  lastMs: number;
}

/**
 * A Prometheus for which it is always the same time: whoever asks, and whenever, gets the same values, with the time
 * that they were asked for. Each adapter has a URL of its own, by which one sees whether it has listed all series.
 */
export class FrozenPrometheus {
  private readonly traffic = new Map<string, Traffic>();

  private constructor(
    private readonly server: Server,
    private readonly atMs: number,
  ) {}

  static async start(prometheus: Prometheus, atMs: number): Promise<FrozenPrometheus> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const frozen = new FrozenPrometheus(server, atMs);
    server.on('request', (request: IncomingMessage, response) => {
      const [, who = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
      const traffic = frozen.trafficOf(who);
      traffic.open++;
      response.once('close', () => {
        if (LISTING.test(path.split('?', 1)[0] ?? '')) traffic.listings++;
        traffic.open--;
        traffic.lastMs = performance.now();
      });
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const changed = frozen.atOneTime(path, Buffer.concat(pieces).toString());
        const passed = send(
          {
            host: '127.0.0.1',
            port: prometheus.port,
            path: changed.path,
            method: request.method,
            headers: {
              ...(request.headers['content-type'] !== undefined && {
                'content-type': request.headers['content-type'],
              }),
              'content-length': Buffer.byteLength(changed.body),
            },
          },
          (answer) => {
            const received: Buffer[] = [];
            answer.on('data', (piece: Buffer) => received.push(piece));
            answer.on('end', () => {
              const text = changed.back(Buffer.concat(received).toString());
              response.writeHead(answer.statusCode ?? 502, {
                'content-type': answer.headers['content-type'] ?? 'text/plain',
              });
              response.end(text);
            });
          },
        );
        passed.on('error', () => response.destroy());
        passed.end(changed.body);
      });
    });
    return frozen;
  }

  /** Where an adapter is to ask. */
  urlFor(who: string): string {
    return `http://127.0.0.1:${portOf(this.server)}/${who}`;
  }

  /** Whether an adapter has listed so many selectors, and asked nothing more for a while. */
  hasListed(who: string, selectors: number, quietMs: number): boolean {
    const { listings, open, lastMs } = this.trafficOf(who);
    return listings >= selectors && open === 0 && performance.now() - lastMs > quietMs;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private trafficOf(who: string): Traffic {
    const traffic = this.traffic.get(who) ?? { listings: 0, open: 0, lastMs: 0 };
    this.traffic.set(who, traffic);
    return traffic;
  }

  /** A request with the time replaced, be it in the path or in a form; and the answer with the time put back. */
  private atOneTime(path: string, body: string): Changed {
    const [place = '', query = ''] = path.split('?', 2);
    if (!INSTANT.test(place)) return { path, body, back: (text) => text };
    const time = String(this.atMs / 1000);
    const parameters = new URLSearchParams(body === '' ? query : body);
    const asked = parameters.get('time') ?? time;
    parameters.set('time', time);
    // A sample, or a scalar, which is the result itself.
    const back = (text: string): string =>
      text.replaceAll(new RegExp(`("(?:value|result)":\\[)${time}(?=,)`, 'g'), `$1${asked}`);
    return body === ''
      ? { path: `${place}?${parameters.toString()}`, body, back }
      : { path, body: parameters.toString(), back };
  }
}

interface Changed {
  readonly path: string;
  readonly body: string;
  readonly back: (text: string) => string;
}
