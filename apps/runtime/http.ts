import type { IncomingHttpHeaders } from 'node:http';

/** An HTTP request, read to its end. */
export interface HttpRequest {
  readonly method: string;
  /** As it was sent: neither query nor escapes are part of it, or resolved. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is answered to one. */
export interface HttpReply {
  readonly status: number;
  /** Content type. */
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers requests. What it throws is logged, and the client gets a plain 500. */
export type Handler = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** A line of plain text. */
export function text(status: number, line: string, headers?: HttpReply['headers']): HttpReply {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n`, ...(headers ? { headers } : {}) };
}

/** Path of a request target: an absolute URL is what proxies send. */
export function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}
