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
  readonly method: string;
  readonly path: string;
  readonly accept: string | undefined;
  readonly contentType: string | undefined;
  readonly etag: string | undefined;
  /** Port of the client: one for each connection. */
  readonly connection: number | undefined;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
}

interface Watcher {
  readonly path: string;
  readonly selects: (object: object) => boolean;
  readonly response: ServerResponse;
}

/** A document that is no collection. */
interface Document {
  readonly type: string;
  readonly etag?: string;
  readonly body: object;
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
  private readonly documents = new Map<string, Document>();
  private readonly watchers = new Set<Watcher>();
  private readonly faults: Fault[] = [];
  private readonly waiting = new Set<() => void>();
  private delay: () => Promise<void> = () => Promise.resolve();
  private version = 100;
  private oldest = 0;

  private constructor(private readonly server: Server) {
    server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response),
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

  /** Serves a document at a path. */
  document(path: string, document: Document): void {
    this.documents.set(path, document);
  }

  /** Has a collection without objects, in which those asked for by name are not found. */
  define(path: string): void {
    this.collection(path);
  }

  /** The object of that name, as it is now. */
  object(path: string, name: string): Stored | undefined {
    return [...this.collection(path).values()].find(({ metadata }) => metadata.name === name);
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

  /** Has each request wait before it is served. */
  slowDown(delay: () => Promise<void>): void {
    this.delay = delay;
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

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const { method = 'GET', headers } = request;
    const seen: Seen = {
      ...{ method, path: url.pathname, query: url.searchParams, accept: headers.accept },
      authorization: headers.authorization,
      contentType: headers['content-type'],
      etag: headers['if-none-match'],
      connection: request.socket.remotePort,
    };
    const body = await textOf(request);
    await this.delay();
    this.seen.push(seen);
    const fault = this.faults.findIndex((candidate) => candidate(seen, response));
    if (fault >= 0) this.faults.splice(fault, 1);
    else if (method !== 'GET') this.write(seen, JSON.parse(body) as Partial<Stored>, response);
    else if (seen.query.get('watch') === 'true') this.watch(seen, response);
    else this.read(seen, response);
    this.poke();
  }

  private read(seen: Seen, response: ServerResponse): void {
    const document = this.documents.get(seen.path);
    if (document?.etag !== undefined && document.etag === seen.etag) {
      response.writeHead(304).end();
    } else if (document) {
      const { type, etag } = document;
      const headers = { 'content-type': type, ...(etag === undefined ? {} : { etag }) };
      response.writeHead(200, headers).end(JSON.stringify(document.body));
    } else {
      const { parent, name } = split(seen.path);
      if (!this.collections.has(parent)) return this.list(seen, response);
      const object = this.object(parent, name);
      if (object) reply(response, 200, object);
      else reply(response, 404, { code: 404, message: `${name} not found` });
    }
  }

  /** Replaces or patches an object; with a version that is not the newest, it is a conflict. */
  private write({ method, path }: Seen, body: Partial<Stored>, response: ServerResponse): void {
    const { parent, name } = split(path);
    const before = this.object(parent, name);
    if (!before) return void reply(response, 404, { code: 404, message: `${name} not found` });
    const { resourceVersion = before.metadata.resourceVersion } = body.metadata ?? {};
    if (resourceVersion !== before.metadata.resourceVersion) {
      return void reply(response, 409, { code: 409, message: 'the object has been modified' });
    }
    const next = method === 'PATCH' ? merged(before, body) : { ...before, ...body };
    this.put(parent, next);
    reply(response, 200, this.object(parent, name) ?? {});
  }

  private list({ path, query }: Seen, response: ServerResponse): void {
    const all = [...this.collection(path).values()].filter(selection(query));
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
    const watcher = { path, response, selects: selection(query) };
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
    const events = ['BOOKMARK', 'ERROR'];
    for (const { response, selects } of this.watchersOf(path)) {
      if (events.includes(type) || selects(object)) response.write(`${JSON.stringify({ type, object })}\n`);
    }
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

/** What `fieldSelector` selects: by name or by phase, with `=` only. */
function selection(query: URLSearchParams): (object: object) => boolean {
  const [path = '', value = ''] = (query.get('fieldSelector') ?? '').split('=');
  if (!['metadata.name', 'status.phase'].includes(path)) return () => true;
  const [part = '', field = ''] = path.split('.');
  return (object) => fieldOf(fieldOf(object, part), field) === value;
}

function fieldOf(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null
    ? Object.entries(object).find(([key]) => key === name)?.[1]
    : undefined;
}

/** A merge patch (RFC 7396). */
function merged<Value extends object>(before: Value, patch: object): Value {
  const entries = Object.entries(patch).map(([key, value]: [string, unknown]): [string, unknown] => {
    const old = fieldOf(before, key);
    const isObject = (it: unknown): it is object =>
      typeof it === 'object' && it !== null && !Array.isArray(it);
    return [key, isObject(value) ? merged(isObject(old) ? old : {}, value) : value];
  });
  const changed: Readonly<Record<string, unknown>> = Object.fromEntries<unknown>(entries);
  return { ...before, ...changed };
}

function split(path: string): { parent: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, slash), name: decodeURIComponent(path.slice(slash + 1)) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function keyOf({ metadata }: Stored): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
