import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
  };
}

/** A request as the server saw it. */
export interface Seen {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

interface Watcher {
  readonly path: string;
  readonly response: ServerResponse;
}

/** What the next requests get instead of a good answer. */
type Fault = (seen: Seen, response: ServerResponse) => boolean;

/**
 * The part of the Kubernetes API that a reflector talks to: collections with versions, lists in pages, watches that
 * stay open. It changes only when the test says so.
 */
export class FakeApiServer {
  readonly seen: Seen[] = [];
  private readonly collections = new Map<string, Map<string, Stored>>();
  private readonly watchers = new Set<Watcher>();
  private readonly faults: Fault[] = [];
  private readonly waiting = new Set<() => void>();
  private version = 100;
  private oldest = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      this.serve(request, response),
    );
  }

  static async start(): Promise<FakeApiServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeApiServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Adds or changes an object, and tells those who watch. */
  put(path: string, object: Stored): void {
    const collection = this.collection(path);
    const key = keyOf(object);
    const type = collection.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = this.stamped(object);
    collection.set(key, stored);
    this.send(path, type, stored);
  }

  remove(path: string, object: Stored): void {
    this.collection(path).delete(keyOf(object));
    this.send(path, 'DELETED', this.stamped(object));
  }

  /** Changes a collection without a word to those who watch: as what happens while a connection is down. */
  putSilently(path: string, object: Stored): void {
    this.collection(path).set(keyOf(object), this.stamped(object));
  }

  bookmark(path: string): void {
    this.version += 1;
    this.send(path, 'BOOKMARK', { metadata: { name: '', resourceVersion: String(this.version) } });
  }

  /** Bytes to those who watch. */
  sendRaw(path: string, bytes: Buffer): void {
    for (const { response } of this.watchersOf(path)) response.write(bytes);
  }

  /** An event of type ERROR, then the end of the watch. */
  fail(path: string, code: number, message: string): void {
    this.send(path, 'ERROR', { kind: 'Status', code, message, metadata: { name: '' } });
    this.endWatches(path);
  }

  /** Forgets history: watches from before get 410. */
  compact(): void {
    this.oldest = this.version;
  }

  /** Ends watches, as the server does when their time is over. */
  endWatches(path: string): void {
    for (const watcher of this.watchersOf(path)) watcher.response.end();
  }

  /** Breaks connections in the middle of an answer. */
  cutWatches(path: string): void {
    for (const watcher of this.watchersOf(path)) watcher.response.destroy();
  }

  /** Answers the next request for which it returns true. */
  misbehave(fault: Fault): void {
    this.faults.push(fault);
  }

  watching(path: string): number {
    return this.watchersOf(path).length;
  }

  /** Resolves when a condition holds, which is looked at after each request and event. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
      });
    }
  }

  /** Has conditions looked at; for what the server does not see. */
  poke(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const seen = {
      path: url.pathname,
      query: url.searchParams,
      authorization: request.headers.authorization,
    };
    this.seen.push(seen);
    const fault = this.faults.findIndex((candidate) => candidate(seen, response));
    if (fault >= 0) this.faults.splice(fault, 1);
    else if (seen.query.get('watch') === 'true') this.watch(seen, response);
    else this.list(seen, response);
    this.poke();
  }

  private list({ path, query }: Seen, response: ServerResponse): void {
    const all = [...this.collection(path).values()];
    const from = Number(query.get('continue') ?? 0);
    const to = from + Number(query.get('limit') ?? all.length);
    reply(response, 200, {
      metadata: { resourceVersion: String(this.version), continue: to < all.length ? String(to) : '' },
      items: all.slice(from, to),
    });
  }

  private watch({ path, query }: Seen, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watcher = { path, response };
    this.watchers.add(watcher);
    response.once('close', () => {
      this.watchers.delete(watcher);
      this.poke();
    });
    if (from < this.oldest) return this.fail(path, 410, `too old resource version: ${from} (${this.oldest})`);
    for (const stored of this.collection(path).values()) {
      if (Number(stored.metadata.resourceVersion) > from) this.send(path, 'ADDED', stored);
    }
  }

  private send(path: string, type: string, object: object): void {
    for (const { response } of this.watchersOf(path)) response.write(`${JSON.stringify({ type, object })}\n`);
  }

  private watchersOf(path: string): readonly Watcher[] {
    return [...this.watchers].filter((watcher) => watcher.path === path);
  }

  private collection(path: string): Map<string, Stored> {
    const collection = this.collections.get(path) ?? new Map<string, Stored>();
    this.collections.set(path, collection);
    return collection;
  }

  private stamped(object: Stored): Stored {
    this.version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
  }
}

/** Answers with JSON. */
export function reply(response: ServerResponse, code: number, body: object, headers = {}): true {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}

function keyOf({ metadata }: Stored): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
