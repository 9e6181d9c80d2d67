import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type z } from 'zod';
import { LineServer } from '../../oracle/program';

const FOLDER = __dirname;

/** The packages of prometheus-adapter and of Go, asked line by line. */
export class UpstreamProgram {
  private constructor(private readonly server: LineServer) {}

  /** Builds and starts it; minutes the first time, seconds when Go has its build cache. */
  static start(): UpstreamProgram {
    const folder = join(FOLDER, '../../../build/conformance');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'adapter');
    execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', path, '.'], {
      cwd: FOLDER,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new UpstreamProgram(new LineServer(spawn(path, [])));
  }

  async ask<Answer>(kind: string, input: unknown, shape: z.ZodType<Answer>): Promise<Answer> {
    return shape.parse(JSON.parse(await this.server.ask(JSON.stringify({ kind, input }))));
  }

  async stop(): Promise<void> {
    await this.server.finish();
  }
}

/** A Go string as JSON carries it. */
export function toBase64(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

export function fromBase64(text: string | null): string {
  return Buffer.from(text ?? '', 'base64').toString('latin1');
}
