import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CUSTOM_METRICS, type GroupVersion, register, serviceName, unregister, until } from './aggregation';
import type { ControlPlane } from './control-plane';
import { type HeadedReply, HttpsClient } from './https-client';
import { freePort } from './ports';
import { Program } from './program';

const START_TIMEOUT_MS = 120_000;

/** How to start the program of an aggregated server. */
export interface ServerCommand {
  /** Of its Service; lower case. */
  readonly name: string;
  readonly path: string;
  /** @param files certificate, key and port that the server is to use */
  readonly args: (files: ServingFiles) => readonly string[];
}

export interface ServingFiles {
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A server behind kube-apiserver, as a process of its own on 127.0.0.1. */
export class AggregatedServer {
  private readonly clients: HttpsClient[] = [];
  private readonly registered: GroupVersion[] = [];

  private constructor(
    private readonly plane: ControlPlane,
    /** Of its Service. */
    readonly name: string,
    /** Its port and the files of its certificate, which it reads again when they change. */
    readonly files: ServingFiles,
    private readonly program: Program,
  ) {}

  /** Starts it and waits until it says that it is ready. kube-apiserver does not know of it yet. */
  static async start(plane: ControlPlane, command: ServerCommand): Promise<AggregatedServer> {
    const port = await freePort();
    // Several of a name may run at once.
    const place = join(plane.folder, `${command.name}-${port}`);
    const files = { port, certificateFile: `${place}.crt`, keyFile: `${place}.key` };
    const { certificate, key } = plane.servingIdentity([serviceName(command.name)]);
    writeFileSync(files.certificateFile, certificate);
    writeFileSync(files.keyFile, key, { mode: 0o600 });
    const program = Program.start({
      name: command.name,
      path: command.path,
      args: command.args(files),
      logFile: `${place}.log`,
    });
    const server = new AggregatedServer(plane, command.name, files, program);
    try {
      // As a user: the certificate of the front proxy alone is none that a client may show.
      await program.until(async () => {
        if ((await server.direct('/readyz')).status !== 200) return false;
        // Not for everybody: it knows who signed the front proxy's certificate by now.
        return (await server.direct('/apis')).status === 200;
      }, START_TIMEOUT_MS);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get port(): number {
    return this.files.port;
  }

  get pid(): number {
    return this.program.pid;
  }

  /** How it ended, if it has. */
  get ended(): string | undefined {
    return this.program.ended;
  }

  log(): string {
    return this.program.log();
  }

  signal(signal: NodeJS.Signals): void {
    this.program.signal(signal);
  }

  /** Puts it behind kube-apiserver, in place of whichever server was there. */
  async register(...groupVersions: readonly GroupVersion[]): Promise<void> {
    for (const groupVersion of groupVersions) {
      await register(this.plane, groupVersion, this);
      this.registered.push(groupVersion);
    }
  }

  /** Waits until its discovery has metrics of the group. */
  async discovered(
    { group, version } = CUSTOM_METRICS,
    isEnough: (names: readonly string[]) => boolean = (names) => names.length > 0,
  ): Promise<void> {
    await until(`${this.name} serves metrics of ${group}`, async () => {
      const { text } = await this.direct(`/apis/${group}/${version}`);
      return isEnough([...text.matchAll(/"name":"([^"]*)"/g)].map(([, name = '']) => name));
    });
  }

  /** A connection such as kube-apiserver's to the server, without kube-apiserver. */
  frontClient(connections?: number): HttpsClient {
    const client = new HttpsClient({
      port: this.port,
      ca: this.plane.caBundle,
      serverName: serviceName(this.name),
      identity: this.plane.frontProxyIdentity,
      ...(connections !== undefined && { connections }),
    });
    this.clients.push(client);
    return client;
  }

  /** A request of a user as kube-apiserver passes it on; of an administrator, if none is named. */
  direct(
    path: string,
    user = 'admin',
    groups: readonly string[] = ['system:masters', 'system:authenticated'],
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<HeadedReply> {
    const client = this.clients[0] ?? this.frontClient();
    return client.request(path, {
      method,
      headers: { ...headers, 'x-remote-user': user, 'x-remote-group': groups },
    });
  }

  /** Takes it from kube-apiserver, if it is still there, and ends it. */
  async stop(): Promise<void> {
    try {
      for (const groupVersion of this.registered) await unregister(this.plane, groupVersion);
    } finally {
      for (const client of this.clients) client.close();
      await this.program.stop();
    }
  }
}
