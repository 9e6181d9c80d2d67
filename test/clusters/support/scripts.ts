import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Registration } from './recording-mocks';

/** What the scripts of this project use of the system. */
const SYSTEM = ['bash', 'grep', 'cat', 'mktemp', 'rm', 'sed', 'tr', 'cut', 'head', 'sleep', 'env', 'seq'];

const command = z.looseObject({
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
});

/** What a run of a script left behind. */
export interface ScriptRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every call of a stub, in order: `kind create cluster --name a`. */
  readonly calls: readonly string[];
}

/** Scripts of `command:local:Command` resources, run where no other programs are there than its stubs. */
export class ScriptBench {
  private readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-commands-'));
  private readonly calls = join(this.folder, 'calls');

  /** @param stubs what each program does, in bash; the call is noted first */
  constructor(stubs: Readonly<Record<string, string>>) {
    for (const tool of SYSTEM) {
      const { stdout } = spawnSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' });
      symlinkSync(stdout.trim(), join(this.folder, tool));
    }
    for (const [name, body] of Object.entries(stubs)) {
      const text = `#!${join(this.folder, 'bash')}\necho "${name} $*" >>"${this.calls}"\n${body}\n`;
      writeFileSync(join(this.folder, name), text, { mode: 0o755 });
    }
  }

  /** Runs one of the scripts of a command, with its variables as far as they are plain strings. */
  run(
    { inputs }: Pick<Registration, 'inputs'>,
    which: 'create' | 'update' | 'delete',
    more: Readonly<Record<string, string>> = {},
  ): ScriptRun {
    writeFileSync(this.calls, '');
    const { [which]: script, environment = {} } = command.parse(inputs);
    if (script === undefined) throw new Error(`the command has no script to ${which}`);
    const { status, stdout, stderr } = spawnSync(join(this.folder, 'bash'), ['--norc', '-c', script], {
      encoding: 'utf8',
      env: { PATH: this.folder, ...environment, ...more },
    });
    const calls = readFileSync(this.calls, 'utf8').split('\n').filter(Boolean);
    return { status, stdout, stderr, calls };
  }

  destroy(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
