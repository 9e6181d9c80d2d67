import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder per test, gone after it. */
export function temporaryFolder(): {
  readonly path: (...parts: readonly string[]) => string;
  readonly write: (name: string, content: string) => string;
} {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const path = (...parts: readonly string[]): string => join(root, ...parts);
  return {
    path,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
