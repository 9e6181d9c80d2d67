import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portOf } from './ports';

/** A request to a Prometheus, as it came. */
export interface Asked {
  /** Without the parameters. */
  readonly path: string;
  /** Of the URL or the form. */
  readonly parameters: URLSearchParams;
  readonly authorization: string | undefined;
}

/** Answers in place of Prometheus. @returns false to let Prometheus answer */
export type Fault = (asked: Asked, response: ServerResponse) => boolean;

/** Passes requests on to a Prometheus, or answers them as a broken one would; remembers what was asked. */
export class FaultyPrometheus {
  private readonly seen: Asked[] = [];
  /** What is wrong at the moment. */
  fault: Fault = () => false;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly port: number },
  ) {}

  static async start(target: { readonly port: number }): Promise<FaultyPrometheus> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const faulty = new FaultyPrometheus(server, target);
    server.on('request', (message, response) => faulty.receive(message, response));
    return faulty;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  get asked(): readonly Asked[] {
    return this.seen;
  }

  /** The PromQL that was asked since a moment before: the length of `asked` then. */
  queriesSince(length: number): readonly string[] {
    return this.seen.slice(length).flatMap(({ parameters }) => parameters.get('query') ?? []);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private receive(message: IncomingMessage, response: ServerResponse): void {
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('error', () => response.destroy());
    message.on('end', () => {
      const body = Buffer.concat(pieces);
      const url = new URL(message.url ?? '/', this.url);
      const parameters = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body.toString())]);
      const asked = { path: url.pathname, parameters, authorization: message.headers.authorization };
      this.seen.push(asked);
      if (!this.fault(asked, response)) this.pass(message, body, response);
    });
  }

  private pass({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const onward = request(
      { host: '127.0.0.1', port: this.target.port, path: url, method, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    onward.end(body);
  }
}
