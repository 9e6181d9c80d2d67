import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ApiServer } from './api-server';
import { type HeadedReply, HttpsClient, type RequestOptions } from './https-client';
import { CertificateAuthority, type CertificateOptions, type Identity, serviceAccountKeys } from './pki';
import { freePorts } from './ports';
import { Program } from './program';
import { programPath } from './programs';
import { removeFolder, temporaryFolder } from './warden';

const START_TIMEOUT_MS = 120_000;
const FRONT_PROXY_NAME = 'front-proxy-client';
const AUTHENTICATION = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';

const CONTROLLERS = [
  'horizontal-pod-autoscaler-controller',
  'deployment-controller',
  'replicaset-controller',
  'serviceaccount-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'endpointslice-controller',
  'root-ca-certificate-publisher-controller',
];

export interface ControlPlaneOptions {
  /** Runs kube-controller-manager, with these flags besides the usual ones (names without dashes). */
  readonly controllerManager?: Readonly<Record<string, string>>;
  /** Further flags of kube-apiserver. */
  readonly apiServer?: Readonly<Record<string, string>>;
}

const revisionShape = z.object({ header: z.object({ revision: z.string() }) });
/** It need not exist: every answer of etcd says at which revision it is. */
const ANY_KEY = Buffer.from('/').toString('base64');

interface Parts {
  readonly folder: string;
  readonly etcdUrl: string;
  readonly ca: CertificateAuthority;
  readonly etcd: Program;
  readonly apiServer: ApiServer;
}

/** etcd, kube-apiserver and, if asked for, kube-controller-manager on 127.0.0.1, with a PKI and data of their own. */
export class ControlPlane {
  private readonly admin: HttpsClient;
  private manager: Program | undefined;
  private frontProxy: { readonly authority: CertificateAuthority; readonly identity: Identity } | undefined;
  private kubeconfigs = 0;

  private constructor(
    private readonly parts: Parts,
    admin: Identity,
  ) {
    this.admin = this.clientOf(admin);
  }

  /** Builds what is missing, starts everything, and waits until it answers: seconds once the programs are built. */
  static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const paths = { etcd: programPath('etcd'), apiServer: programPath('kube-apiserver') };
    const folder = temporaryFolder('control-plane');
    const started: { stop(): Promise<void> }[] = [];
    try {
      const ca = CertificateAuthority.create('kubernetes');
      const admin = ca.issue({ commonName: 'admin', organizations: ['system:masters'] });
      const [etcdPort = 0, peerPort = 0, port = 0] = await freePorts(3);
      const etcd = startEtcd(paths.etcd, folder, etcdPort, peerPort);
      started.push(etcd);
      const serving = ca.issue({
        commonName: 'kube-apiserver',
        names: ['localhost', '127.0.0.1', '10.0.0.1', 'kubernetes.default.svc'],
      });
      const keys = serviceAccountKeys();
      const apiServer = new ApiServer(
        { path: paths.apiServer, folder, port, etcdPort, flags: options.apiServer ?? {} },
        {
          'ca.crt': ca.certificate,
          'apiserver.crt': serving.certificate,
          'apiserver.key': serving.key,
          'service-account.pub': keys.publicKey,
          'service-account.key': keys.privateKey,
        },
      );
      const plane = new ControlPlane(
        { folder, etcdUrl: `http://127.0.0.1:${etcdPort}`, ca, etcd, apiServer },
        admin,
      );
      started.push(plane);
      plane.rotateFrontProxy();
      await apiServer.start(() => plane.ready());
      if (options.controllerManager) await plane.startControllerManager(options.controllerManager);
      return plane;
    } catch (error) {
      for (const part of started.reverse()) await part.stop();
      removeFolder(folder);
      throw error;
    }
  }

  get apiServer(): ApiServer {
    return this.parts.apiServer;
  }

  get etcd(): Program {
    return this.parts.etcd;
  }

  get controllerManager(): Program | undefined {
    return this.manager;
  }

  /** Where all files are; gone after `stop`. */
  get folder(): string {
    return this.parts.folder;
  }

  /** PEM of who signs the certificates of kube-apiserver and of aggregated servers. */
  get caBundle(): string {
    return this.parts.ca.certificate;
  }

  /** A certificate of a server, signed by the cluster's authority. */
  servingIdentity(names: readonly string[]): Identity {
    return this.parts.ca.issue({ commonName: names[0] ?? 'server', names });
  }

  /** A client certificate that kube-apiserver takes for this user. */
  identity(user: string, groups: readonly string[] = []): Identity {
    return this.parts.ca.issue({ commonName: user, organizations: groups });
  }

  /** What kube-apiserver shows aggregated servers to prove that it speaks for users. */
  get frontProxyIdentity(): Identity {
    return this.frontProxyNow.identity;
  }

  /** Another certificate of the front proxy's authority. */
  frontProxyVariant(options: Partial<CertificateOptions>): Identity {
    return this.frontProxyNow.authority.issue({ commonName: FRONT_PROXY_NAME, ...options });
  }

  /** A client certificate of the cluster's authority that is not as it should be. */
  identityVariant(options: CertificateOptions): Identity {
    return this.parts.ca.issue(options);
  }

  /** A file with which programs act as this user. @param port of kube-apiserver, or of what stands before it */
  kubeconfig(user: string, groups: readonly string[] = [], port = this.apiServer.port): string {
    const { certificate, key } = this.identity(user, groups);
    const path = join(this.folder, `kubeconfig-${this.kubeconfigs++}.yaml`);
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const content = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'main',
      contexts: [{ name: 'main', context: { cluster: 'main', user: 'main' } }],
      clusters: [
        {
          name: 'main',
          cluster: {
            server: `https://127.0.0.1:${port}`,
            'certificate-authority-data': base64(this.caBundle),
          },
        },
      ],
      users: [
        {
          name: 'main',
          user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
        },
      ],
    };
    // JSON is YAML.
    writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
    return path;
  }

  /** Requests of a user to kube-apiserver. */
  client(user: string, groups: readonly string[] = [], connections?: number): HttpsClient {
    return this.clientOf(this.identity(user, groups), connections);
  }

  /** A request of an administrator to kube-apiserver. */
  request(path: string, options?: RequestOptions): Promise<HeadedReply> {
    return this.admin.request(path, options);
  }

  /**
   * Creates an object in the collection at a path.
   * @throws Error with what kube-apiserver says, unless it is there already
   */
  async create(collection: string, object: unknown): Promise<void> {
    const { status, text } = await this.request(collection, { method: 'POST', body: object });
    if (status >= 300 && status !== 409) throw new Error(`POST ${collection}: ${status} ${text}`);
  }

  /**
   * Gives the front proxy a new authority and certificate, as a rotation that keeps nothing of the old one does.
   * kube-apiserver reads the files by itself, within a minute.
   */
  rotateFrontProxy(): void {
    const authority = CertificateAuthority.create('front-proxy');
    const identity = authority.issue({ commonName: FRONT_PROXY_NAME });
    this.frontProxy = { authority, identity };
    this.apiServer.writeFiles({
      'front-proxy-ca.crt': authority.certificate,
      'front-proxy.crt': identity.certificate,
      'front-proxy.key': identity.key,
    });
  }

  /** Has etcd forget all versions of objects but those of now, as kube-apiserver does with those of five minutes ago. */
  async compactEtcd(): Promise<void> {
    const { header } = revisionShape.parse(await this.askEtcd('range', { key: ANY_KEY }));
    await this.askEtcd('compaction', { revision: header.revision, physical: true });
  }

  /** Ends the programs, last started first, and removes the files. */
  async stop(): Promise<void> {
    this.admin.close();
    await this.manager?.stop();
    await this.apiServer.stop();
    // It has nothing to save.
    await this.parts.etcd.stop('SIGKILL');
    removeFolder(this.folder);
  }

  private get frontProxyNow() {
    if (!this.frontProxy) throw new Error('the front proxy has no certificate yet');
    return this.frontProxy;
  }

  /** Over the JSON gateway to etcd's API. */
  private async askEtcd(call: string, body: unknown): Promise<unknown> {
    const reply = await fetch(`${this.parts.etcdUrl}/v3/kv/${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`etcd: ${call}: ${reply.status} ${text}`);
    return JSON.parse(text);
  }

  private async ready(): Promise<boolean> {
    const { status } = await this.request('/readyz');
    // It may be ready before it has told aggregated servers whom to believe, without which they do not start.
    return status === 200 && (await this.request(AUTHENTICATION)).status === 200;
  }

  private clientOf(identity: Identity, connections?: number): HttpsClient {
    return new HttpsClient({
      port: this.apiServer.port,
      ca: this.caBundle,
      identity,
      ...(connections !== undefined && { connections }),
    });
  }

  private async startControllerManager(given: Readonly<Record<string, string>>): Promise<void> {
    const kubeconfig = this.kubeconfig('system:kube-controller-manager');
    const [port = 0] = await freePorts(1);
    const flags = {
      kubeconfig,
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'leader-elect': 'false',
      'bind-address': '127.0.0.1',
      'secure-port': String(port),
      'use-service-account-credentials': 'true',
      'service-account-private-key-file': join(this.folder, 'service-account.key'),
      'root-ca-file': join(this.folder, 'ca.crt'),
      controllers: CONTROLLERS.join(','),
      ...given,
    };
    this.manager = Program.start({
      name: 'kube-controller-manager',
      path: programPath('kube-controller-manager'),
      args: Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      logFile: join(this.folder, 'kube-controller-manager.log'),
    });
    // A pod can be created once the service account controller works.
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await this.manager.until(async () => (await this.request(account)).status === 200, START_TIMEOUT_MS);
  }
}

function startEtcd(path: string, folder: string, port: number, peerPort: number): Program {
  const [url, peerUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  return Program.start({
    name: 'etcd',
    path,
    args: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    logFile: join(folder, 'etcd.log'),
  });
}
