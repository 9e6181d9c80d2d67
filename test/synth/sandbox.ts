import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Stack } from '../../core/model';
import { stackFiles, synthesize, writeFiles } from '../../synth';

/** What a run of a script left behind. */
interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every call of a stub, in order: `kubectl --context … apply …`. */
  readonly calls: readonly string[];
}

/** How a script is run. */
interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A folder with the files of a stack, and with stubs of the programs that its scripts call. A stub is there twice: as a
 * program, and as a function that bash finds first, for that is ten times as fast.
 */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), 'plimsoll-scripts-'));
  private readonly functions = new Map<string, string>();

  /** @param stubs what each program does, in bash; the call is noted first */
  constructor(
    private readonly stack: Stack,
    stubs: Readonly<Record<string, string>>,
  ) {
    writeFiles(join(this.root, 'dist'), stackFiles(stack, synthesize(stack), { source: '../../source' }));
    this.write('source/apps/web/Dockerfile', 'FROM scratch\n');
    this.forget();
    for (const [name, body] of Object.entries(stubs)) this.stub(name, body);
  }

  write(path: string, content: string, mode = 0o644): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content, { mode });
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  stub(name: string, body: string): void {
    const noted = `echo "${name} $*" >>"$STATE/calls"\n${body}\n`;
    this.write(`bin/${name}`, `#!/usr/bin/env bash\n${noted}`, 0o755);
    this.functions.set(`BASH_FUNC_${name}%%`, `() { (\n${noted}) }`);
  }

  /** Takes a program away. */
  unstub(name: string): void {
    this.remove(`bin/${name}`);
    this.functions.delete(`BASH_FUNC_${name}%%`);
  }

  /** Forgets the calls so far. */
  forget(): void {
    this.write('calls', '');
  }

  run(script: string, { args = [], env = {} }: RunOptions = {}): Run {
    return this.spawn(this.path(script), args, { ...Object.fromEntries(this.functions), ...env });
  }

  /** Runs a script at a terminal, where somebody types an answer. */
  runAtTerminal(script: string, answer: string): Run {
    const typescript = ['--quiet', '--return', '--command', this.path(script), '/dev/null'];
    return this.spawn('script', typescript, {}, `${answer}\n`);
  }

  destroy(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  path(script: string): string {
    return join(this.root, 'dist', this.stack.name, script);
  }

  private spawn(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    input?: string,
  ): Run {
    const { status, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      env: {
        PATH: `${join(this.root, 'bin')}:/usr/bin:/bin`,
        STATE: this.root,
        PLIMSOLL_METRIC_ATTEMPTS: '1',
        ...env,
      },
      ...(input === undefined ? {} : { input }),
    });
    const calls = readFileSync(join(this.root, 'calls'), 'utf8').split('\n').filter(Boolean);
    return { status, stdout, stderr, calls };
  }
}

/** Calls that change something. */
export function changes(calls: readonly string[]): string[] {
  return calls.filter((call) => CHANGES.some((change) => change.test(call)));
}

const CHANGES = [
  /^kind (create|load|delete)/,
  /^minikube (start|image|delete)/,
  /^(docker|podman|buildah) (build|push)/,
  /^helm (upgrade|uninstall)/,
  /^kubectl --context \S+ (apply|delete|create (?!--dry-run))/,
];
