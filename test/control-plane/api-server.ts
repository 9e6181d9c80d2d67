import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from './program';

const START_TIMEOUT_MS = 120_000;

export interface ApiServerOptions {
  readonly path: string;
  /** Where its files are. */
  readonly folder: string;
  readonly port: number;
  readonly etcdPort: number;
  /** Flags besides the usual ones, without dashes. */
  readonly flags: Readonly<Record<string, string>>;
}

/** kube-apiserver, which may be stopped and started again at its port. */
export class ApiServer {
  private program: Program | undefined;
  private ready: () => Promise<boolean> = () => Promise.resolve(true);

  /** @param files certificates and keys, by the names that its flags have */
  constructor(
    private readonly options: ApiServerOptions,
    files: Readonly<Record<string, string>>,
  ) {
    this.writeFiles(files);
  }

  get port(): number {
    return this.options.port;
  }

  get pid(): number {
    if (!this.program) throw new Error('kube-apiserver does not run');
    return this.program.pid;
  }

  /** What it has written, of all its lives. */
  log(): string {
    return this.program?.log() ?? '';
  }

  /** Replaces files, each at once. */
  writeFiles(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.options.folder, name);
      writeFileSync(`${path}.new`, content, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    }
  }

  /** @param ready whether it answers */
  async start(ready = this.ready): Promise<void> {
    this.ready = ready;
    const { path, folder } = this.options;
    this.program = Program.start({
      name: 'kube-apiserver',
      path,
      args: Object.entries(this.flags()).map(([name, value]) => `--${name}=${value}`),
      logFile: join(folder, 'kube-apiserver.log'),
    });
    await this.program.until(ready, START_TIMEOUT_MS);
  }

  /** Ends it as a crash would, unless it shall end in order, and starts it again. */
  async restart(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** It would wait for open watches; nobody here needs that. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.program?.stop(signal);
  }

  private flags(): Readonly<Record<string, string>> {
    const { folder, port, etcdPort, flags } = this.options;
    const file = (name: string): string => join(folder, name);
    return {
      'etcd-servers': `http://127.0.0.1:${etcdPort}`,
      'bind-address': '127.0.0.1',
      'secure-port': String(port),
      'service-cluster-ip-range': '10.0.0.0/24',
      'tls-cert-file': file('apiserver.crt'),
      'tls-private-key-file': file('apiserver.key'),
      'client-ca-file': file('ca.crt'),
      'authorization-mode': 'RBAC',
      'service-account-issuer': 'https://localhost',
      'service-account-key-file': file('service-account.pub'),
      'service-account-signing-key-file': file('service-account.key'),
      'requestheader-client-ca-file': file('front-proxy-ca.crt'),
      'requestheader-allowed-names': 'front-proxy-client',
      'requestheader-username-headers': 'X-Remote-User',
      'requestheader-group-headers': 'X-Remote-Group',
      'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
      'proxy-client-cert-file': file('front-proxy.crt'),
      'proxy-client-key-file': file('front-proxy.key'),
      'endpoint-reconciler-type': 'none',
      // Else it looks for an address of the machine that is none of loopback.
      'advertise-address': '10.255.255.1',
      ...flags,
    };
  }
}
