import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from './run';

const imageConfig = z.object({
  OCIv1: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      WorkingDir: z.string().default('/'),
    }),
  }),
});
const state = z.object({ pid: z.number() });
const answer = z.object({ status: z.number(), type: z.string().nullable(), body: z.string() });
const runtimeSpec = z.looseObject({
  process: z.looseObject({}),
  mounts: z.array(z.looseObject({})),
  linux: z.looseObject({ namespaces: z.array(z.looseObject({ type: z.string() })) }),
});

/** How a container is started. */
interface ContainerProps {
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of this machine, by where the container has it; read-only. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Directories that can be written. */
  readonly scratch?: readonly string[];
  /** Where it is asked. Default `http://127.0.0.1:8080`. */
  readonly origin?: string;
  /** File with the certificate authority of what it serves. */
  readonly ca?: string;
  /** Joins the network of another one. */
  readonly network?: Container;
}

let count = 0;

/** An image that runs as in a `restricted` pod: its own user, no capabilities, a root that cannot be written. */
export class Container {
  /** Exit code, once it ended. */
  readonly exit: Promise<number | null>;
  private readonly id = `plimsoll-test-${process.pid}-${++count}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-container-'));
  private readonly layers: string;
  private printed = '';

  constructor(private readonly props: ContainerProps) {
    this.layers = run('buildah', 'from', '--pull-never', props.image);
    writeFileSync(join(this.folder, 'config.json'), JSON.stringify(this.spec(props)));
    const child = spawn('runc', ['run', '--bundle', this.folder, this.id], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    this.exit = new Promise((resolve) => child.once('close', resolve));
  }

  /** What it printed so far. */
  get output(): string {
    return this.printed;
  }

  /**
   * Process id of its first process, as this machine sees it.
   * @throws before it started, and once it ended
   */
  get pid(): number {
    const text = execFileSync('runc', ['state', this.id], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return state.parse(JSON.parse(text)).pid;
  }

  /** User id of its first process. */
  get user(): string | undefined {
    return /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1];
  }

  /** Its root, as this machine sees it: no mounts of the runtime. */
  get root(): string {
    return run('buildah', 'mount', this.layers);
  }

  kill(signal: 'TERM' | 'KILL'): void {
    run('runc', 'kill', this.id, signal);
  }

  /** Sends a request to it from within its network, which has nothing but a loopback. */
  ask(path: string, method = 'GET', body?: string): z.infer<typeof answer> {
    const script = `fetch(process.argv[1], JSON.parse(process.argv[2])).then(async (response) => console.log(JSON.stringify({
      status: response.status, type: response.headers.get('content-type'), body: await response.text() })))`;
    const words = ['--target', String(this.pid), '--net', process.execPath, '--eval', script];
    const { origin = 'http://127.0.0.1:8080', ca } = this.props;
    const url = `${origin}${path}`;
    const text = execFileSync('nsenter', [...words, '--', url, JSON.stringify({ method, body })], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca }) },
    });
    return answer.parse(JSON.parse(text));
  }

  /** Asks until it is answered, or the container ended. */
  async answers(path: string): Promise<z.infer<typeof answer>> {
    let ended = false;
    void this.exit.then(() => (ended = true));
    while (!ended) {
      try {
        return this.ask(path);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error(`the container ended:\n${this.printed}`);
  }

  async remove(): Promise<void> {
    try {
      execFileSync('runc', ['delete', '--force', this.id], { stdio: 'ignore' });
      await this.exit;
    } finally {
      run('buildah', 'rm', this.layers);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private spec({ image, args = [], env = {}, volumes = {}, scratch = [], network }: ContainerProps) {
    const inspected: unknown = JSON.parse(run('buildah', 'inspect', '--type', 'image', image));
    const { User, Env, Entrypoint, WorkingDir } = imageConfig.parse(inspected).OCIv1.config;
    const [uid, gid] = User.split(':').map(Number);
    run('runc', 'spec', '--bundle', this.folder);
    const spec = runtimeSpec.parse(JSON.parse(readFileSync(join(this.folder, 'config.json'), 'utf8')));
    return {
      ...spec,
      hostname: 'pod-1',
      root: { path: this.root, readonly: true },
      process: {
        ...spec.process,
        terminal: false,
        user: { uid, gid },
        args: [...Entrypoint, ...args],
        env: [...Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
        cwd: WorkingDir,
        capabilities: {},
        noNewPrivileges: true,
      },
      mounts: [
        ...spec.mounts,
        ...Object.entries(volumes).map(([destination, source]) => ({
          destination,
          source,
          type: 'bind',
          options: ['bind', 'ro'],
        })),
        ...scratch.map((destination) => ({
          destination,
          source: 'tmpfs',
          type: 'tmpfs',
          options: ['nosuid', 'nodev', 'mode=1777'],
        })),
      ],
      linux: {
        ...spec.linux,
        namespaces: spec.linux.namespaces.map((namespace) =>
          namespace.type === 'network' && network
            ? { ...namespace, path: `/proc/${network.pid}/ns/net` }
            : namespace,
        ),
      },
    };
  }
}
