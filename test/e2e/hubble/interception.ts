import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../../core/errors';

/** As Cilium's own proxy does, it listens where no program of a pod does. */
const PROXY_PORT = 15_006;
/** Addresses of nodes: what comes from there, as probes do, is not looked into. */
const NODES = '172.20.0.0/16';
const BAD_GATEWAY = 502;
const FORBIDDEN = 403;

/** One HTTP request that went to a pod, once it was answered. */
export interface SeenRequest {
  readonly sourceIP: string;
  readonly method: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  readonly status: number;
}

export interface InterceptionProps {
  /** File of the pod's network namespace. */
  readonly network: string;
  readonly podIP: string;
  readonly port: number;
  /** Methods that the policy lets through. */
  readonly methods: ReadonlySet<string>;
  readonly onRequest: (seen: SeenRequest) => void;
}

/**
 * Puts an HTTP proxy before a port of a pod: connections from other pods are redirected to it in the pod's own network
 * namespace, every request is forwarded to the program, and told about once it was answered.
 */
export class Interception {
  private constructor(
    private readonly server: Server,
    private readonly props: InterceptionProps,
  ) {
    server.on('request', (incoming, outgoing) => this.forward(incoming, outgoing));
  }

  static async begin(props: InterceptionProps): Promise<Interception> {
    const server = createServer({ keepAliveTimeout: 0 });
    const interception = new Interception(server, props);
    await listenIn(props.network, server);
    await redirect(props.network, props.port);
    return interception;
  }

  end(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { podIP, port, methods } = this.props;
    const { method = 'GET', url = '/', headers } = incoming;
    if (!methods.has(method)) {
      this.answered(incoming, FORBIDDEN);
      outgoing.writeHead(FORBIDDEN).end('Access denied\r\n');
      return;
    }
    const onward = request({ host: podIP, port, method, path: url, headers, agent: false });
    onward.on('response', (response) => {
      this.answered(incoming, response.statusCode ?? BAD_GATEWAY);
      outgoing.writeHead(response.statusCode ?? BAD_GATEWAY, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else {
        this.answered(incoming, BAD_GATEWAY);
        outgoing.writeHead(BAD_GATEWAY).end();
      }
    });
    incoming.pipe(onward);
  }

  private answered(incoming: IncomingMessage, status: number): void {
    this.props.onRequest({
      sourceIP: (incoming.socket.remoteAddress ?? '').replace('::ffff:', ''),
      method: incoming.method ?? 'GET',
      protocol: `HTTP/${incoming.httpVersion}`,
      status,
    });
  }
}

function listenIn(network: string, server: Server): Promise<void> {
  const words = [`--net=${network}`, process.execPath, join(__dirname, 'listener.js'), String(PROXY_PORT)];
  const child = spawn('nsenter', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`no listener in ${network}: exit ${code}`)));
    child.once('message', (_, handle) => {
      if (!(handle instanceof NetServer)) reject(new Error(`no listener in ${network}: no socket came`));
      else {
        handle.on('connection', (socket) => server.emit('connection', socket));
        handle.on('error', () => undefined);
        server.once('close', () => handle.close());
        resolve();
      }
    });
  });
}

/** nftables of the pod's own network namespace. */
async function redirect(network: string, port: number): Promise<void> {
  const rules = `table ip hubble {
  chain ingress {
    type nat hook prerouting priority dstnat; policy accept;
    ip saddr != ${NODES} tcp dport ${port} redirect to :${PROXY_PORT}
  }
}
`;
  const child = spawn('nsenter', [`--net=${network}`, 'nft', '-f', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let problem = '';
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
    child.stdin.on('error', (error) => (problem += messageOf(error)));
    child.stdin.end(rules);
  });
  if (code !== 0) throw new Error(`nft in ${network}: ${problem}`);
}
