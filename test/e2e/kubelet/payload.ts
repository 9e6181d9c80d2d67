import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of a volume. */
export interface PayloadFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** By path in the volume. */
export type Payload = ReadonlyMap<string, PayloadFile>;

const CURRENT = '..data';

/**
 * A folder that shows files, all of them replaced at once: they lie in a folder of their own, to which a link leads that
 * is renamed over the one before (`pkg/volume/util/atomic_writer.go`).
 */
export class PayloadFolder {
  private shown: Payload | undefined;
  private last: string | undefined;
  private count = 0;

  /** @param group that may read the files, besides their owner, root */
  constructor(
    private readonly folder: string,
    private readonly group: number | undefined,
  ) {}

  /** Does nothing if the files are those that are there. */
  show(files: Payload): void {
    if (this.shown && same(this.shown, files)) return;
    mkdirSync(this.folder, { recursive: true });
    const name = `..${new Date().toISOString().replaceAll(/[-:.TZ]/g, '')}_${++this.count}`;
    const target = join(this.folder, name);
    this.makeFolder(target);
    for (const [path, { content, mode }] of files) {
      const file = join(target, path);
      this.makeFolder(dirname(file));
      writeFileSync(file, content);
      this.own(file, this.group === undefined ? mode : mode | 0o440);
    }
    const temporary = join(this.folder, `${CURRENT}_tmp`);
    rmSync(temporary, { force: true });
    symlinkSync(name, temporary);
    renameSync(temporary, join(this.folder, CURRENT));
    this.link(new Set([...files.keys()].map((path) => path.split('/')[0] ?? path)));
    if (this.last !== undefined) rmSync(this.last, { recursive: true, force: true });
    this.last = target;
    this.shown = files;
  }

  /** What can be seen leads to what is current. */
  private link(wanted: ReadonlySet<string>): void {
    const there = readdirSync(this.folder).filter((name) => !name.startsWith('..'));
    for (const name of there) if (!wanted.has(name)) rmSync(join(this.folder, name), { force: true });
    for (const name of wanted) {
      if (!there.includes(name)) symlinkSync(join(CURRENT, name), join(this.folder, name));
    }
  }

  private makeFolder(path: string): void {
    mkdirSync(path, { recursive: true });
    this.own(path, 0o755);
  }

  private own(path: string, mode: number): void {
    chmodSync(path, mode);
    if (this.group !== undefined) chownSync(path, 0, this.group);
  }
}

function same(a: Payload, b: Payload): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([path, file]) => {
    const other = b.get(path);
    return other?.mode === file.mode && other.content.equals(file.content);
  });
}
