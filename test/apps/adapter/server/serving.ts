import { request as requestHttps, type RequestOptions } from 'node:https';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { z } from 'zod';
import { type RequestAttributes, type UserInfo } from '../../../../core/adapter/api/authorization';
import {
  DelegatedAuthenticator,
  DelegatedAuthorizer,
  FailureLimiter,
  TokenReviews,
  TrustHolder,
} from '../../../../apps/adapter/auth';
import {
  AdapterHttpServer,
  DEFAULT_LIMITS,
  tlsPolicy,
  type AnsweredRequest,
  type ApiHandler,
  type Http2Mode,
  type ServerLimits,
} from '../../../../apps/adapter/server';
import { issue, SERVER_AUTH, type Issued } from '../auth/certificates';

/** What the stub of a router says about every path. */
export interface TestRoute {
  readonly kind: 'resource' | 'path';
  readonly attributes: RequestAttributes;
}

/** Certificates of a cluster; made once a test file. */
export const pki = makePki();

function makePki() {
  const proxyCa = issue({ name: 'front-proxy-ca', authority: true });
  const clientCa = issue({ name: 'kubernetes-ca', authority: true });
  const servingCa = issue({ name: 'serving-ca', authority: true });
  const usages = ['1.3.6.1.5.5.7.3.2'];
  return {
    proxyCa,
    clientCa,
    servingCa,
    serving: issue({
      name: 'adapter',
      by: servingCa,
      usages: [SERVER_AUTH],
      dnsNames: ['adapter.monitoring.svc'],
    }),
    proxy: issue({ name: 'front-proxy-client', by: proxyCa, usages }),
    alice: issue({ name: 'alice', organizations: ['team-a', 'team-b'], by: clientCa, usages }),
  };
}

/** Who may do what, and whose tokens are good, as an API server would say. */
export interface TestCluster {
  readonly posts: { path: string; spec: Record<string, unknown> }[];
  allow: (spec: Record<string, unknown>) => boolean | Error;
  tokens: Record<string, { username: string; groups?: string[] }>;
  /** What each answer waits for. */
  pause: (signal: AbortSignal) => Promise<void>;
}

export interface ServingOptions {
  readonly limits?: Partial<ServerLimits>;
  readonly handler?: ApiHandler<TestRoute>;
  readonly http2?: Http2Mode;
  readonly failures?: number;
  readonly failuresWithinMs?: number;
}

/** A server with everything real except the API server that it asks. */
export async function serve(options: ServingOptions = {}) {
  const cluster: TestCluster = {
    posts: [],
    allow: () => true,
    tokens: {},
    pause: () => Promise.resolve(),
  };
  const problems: string[] = [];
  const answered: AnsweredRequest[] = [];
  const users: UserInfo[] = [];
  const { failures: most = 1000, failuresWithinMs: windowMs = 10_000 } = options;
  const failures = new FailureLimiter({ failures: most, windowMs }, Date.now);
  const asking = {
    poster: { post: posted(cluster) },
    pause: () => Promise.resolve(),
    random: () => 0,
    now: Date.now,
  };
  const trust = new TrustHolder({
    onChange: () => undefined,
    onProblem: (message) => problems.push(message),
  });
  const material = () => ({
    certificate: pair(pki.serving),
    named: [],
  });
  trust.setConfigMap(configMap());
  const server = new AdapterHttpServer<TestRoute>({
    route: testRoute,
    handler: (call) => {
      users.push(call.user);
      return options.handler
        ? options.handler(call)
        : { status: 200, type: 'application/json', body: JSON.stringify({ user: call.user }) };
    },
    authenticator: new DelegatedAuthenticator({
      config: trust,
      tokens: new TokenReviews({ ...asking, cacheMs: 10_000 }),
      failures,
      now: Date.now,
    }),
    authorizer: new DelegatedAuthorizer({
      ...asking,
      openPaths: ['/healthz', '/livez', '/readyz'],
      allowedMs: 10_000,
      deniedMs: 10_000,
    }),
    failures,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    logger: silent,
    tls: material(),
    policy: tlsPolicy(undefined, []),
    http2: options.http2 ?? 'preferred',
    now: Date.now,
    onAnswered: (request) => answered.push(request),
  });
  const port = await server.listen('127.0.0.1', 0);
  return { server, port, cluster, trust, problems, answered, users, material };
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function pair({ certificate, key }: Issued) {
  return { certificate, key };
}

/** The data of `kube-system/extension-apiserver-authentication`. */
export function configMap(more: Readonly<Record<string, string>> = {}) {
  return {
    'client-ca-file': pki.clientCa.certificate,
    'requestheader-client-ca-file': pki.proxyCa.certificate,
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-username-headers': '["X-Remote-User"]',
    'requestheader-uid-headers': '["X-Remote-Uid"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
    ...more,
  };
}

const review = z.object({ spec: z.record(z.string(), z.unknown()) });

function posted(cluster: TestCluster) {
  return async (path: string, body: unknown, _: number, signal: AbortSignal): Promise<unknown> => {
    const { spec } = review.parse(body);
    cluster.posts.push({ path, spec });
    await cluster.pause(signal);
    if (path.endsWith('tokenreviews')) {
      const user = cluster.tokens[String(spec['token'])];
      return { status: user ? { authenticated: true, user } : { authenticated: false } };
    }
    const allowed = cluster.allow(spec);
    if (allowed instanceof Error) throw allowed;
    return { status: { allowed } };
  };
}

/** `/apis/GROUP/VERSION/namespaces/NS/RESOURCE/NAME/METRIC` is a metric; all else is a path. */
function testRoute(method: string, target: string): TestRoute {
  const path = target.replace(/\?.*$/, '');
  const parts = /^\/apis\/([^/]+)\/([^/]+)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  if (!parts) return { kind: 'path', attributes: { verb: method.toLowerCase(), path } };
  const [, group = '', version = '', namespace = '', resource = '', name = '', subresource = ''] = parts;
  return {
    kind: 'resource',
    attributes: { verb: method.toLowerCase(), group, version, resource, subresource, namespace, name },
  };
}

/** What came back. */
export interface TestReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export const METRIC = '/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/*/http_requests';

/** One request over HTTP/1.1 on a connection of its own. */
export function ask(
  port: number,
  options: RequestOptions & { readonly as?: readonly Issued[]; readonly send?: string } = {},
): Promise<TestReply> {
  const { as = [], send, ...rest } = options;
  return new Promise((resolve, reject) => {
    const request = requestHttps(
      { host: '127.0.0.1', port, path: METRIC, agent: false, ...identity(as), ...rest },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.once('error', reject);
    request.end(send);
  });
}

/** A client certificate with its chain, and no doubts about the server. */
export function identity(as: readonly Issued[]): ConnectionOptions {
  const [first] = as;
  if (!first) return { rejectUnauthorized: false };
  const cert = as.map(({ certificate }) => certificate).join('');
  return { rejectUnauthorized: false, cert, key: first.key };
}

/** Sends bytes over TLS, and gives all that comes back until the server closes. */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  options: ConnectionOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    socket.once('close', () => resolve(received));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(received) : reject(error),
    );
    socket.write(bytes);
  });
}
