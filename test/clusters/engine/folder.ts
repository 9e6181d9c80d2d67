import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../../..');

/** A folder with a program of its own that uses the packages of this project. */
export interface ProgramFolder {
  readonly folder: string;
  remove(): void;
}

/** Writes `index.ts` with the settings of the compiler that the real entry point has. */
export function programFolder(source: string): ProgramFolder {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-program-'));
  const folder = join(root, 'stacks/pulumi');
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"name": "program", "private": true}');
  cpSync(join(PROJECT, 'tsconfig.json'), join(root, 'tsconfig.json'));
  cpSync(join(PROJECT, 'stacks/pulumi/tsconfig.json'), join(folder, 'tsconfig.json'));
  writeFileSync(join(folder, 'index.ts'), source);
  return { folder, remove: () => rmSync(root, { recursive: true, force: true }) };
}
