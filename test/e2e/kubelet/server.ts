import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import { messageOf } from '../../../core/errors';
import type { NodeSpec } from '../contracts';
import { callerOf, mayRead } from './access-review';
import type { ClusterApi } from './cluster-api';
import { KUBELET_PORT } from './node';
import { type ContainerUsage, resourceMetrics } from './resource-metrics';

/** A certificate and its key, PEM. */
export interface ServingIdentity {
  readonly certificate: string;
  readonly key: string;
}

export interface KubeletServerProps {
  readonly node: NodeSpec;
  readonly api: ClusterApi;
  readonly identity: ServingIdentity;
  /** PEM, of those whose certificates are believed. */
  readonly caCertificate: string;
  readonly usage: () => readonly ContainerUsage[];
  /** File with what a container has written; undefined if there is no such container. */
  readonly logFile: (namespace: string, pod: string, container: string) => string | undefined;
}

/** What is read of a node, as a kubelet offers it: `/metrics/resource`, and logs for `kubectl logs`. */
export class KubeletServer {
  private constructor(
    private readonly server: Server,
    private readonly props: KubeletServerProps,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(`${messageOf(error)}\n`);
      });
    });
  }

  static async start(props: KubeletServerProps): Promise<KubeletServer> {
    const { identity, caCertificate, node } = props;
    const server = createServer({
      ...{ key: identity.key, cert: identity.certificate, ca: caCertificate },
      // Others come with a token.
      ...{ requestCert: true, rejectUnauthorized: false },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(KUBELET_PORT, node.address, resolve);
    });
    return new KubeletServer(server, props);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer({ url = '/', socket, headers }: IncomingMessage, to: ServerResponse): Promise<void> {
    const { api, node, usage } = this.props;
    const { pathname } = new URL(url, 'https://node');
    if (!(socket instanceof TLSSocket)) throw new Error('not a connection with TLS');
    const caller = await callerOf(api, socket, headers.authorization);
    if (!caller) return end(to, 401, 'Unauthorized');
    const subresource = pathname.startsWith('/metrics') ? 'metrics' : 'proxy';
    if (!(await mayRead(api, caller, node.name, subresource))) {
      return end(to, 403, `${caller.user} may not get nodes/${subresource}`);
    }
    if (pathname === '/metrics/resource') {
      to.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
      to.end(resourceMetrics(usage(), Date.now()));
      return;
    }
    const [, namespace = '', pod = '', container = ''] =
      /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
    const file = this.props.logFile(namespace, pod, container);
    if (file === undefined || !existsSync(file)) return end(to, 404, `nothing at ${pathname}`);
    end(to, 200, readFileSync(file));
  }
}

function end(to: ServerResponse, status: number, content: string | Buffer): void {
  to.writeHead(status, { 'content-type': 'text/plain' }).end(content);
}
