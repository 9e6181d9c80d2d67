import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceStackFiles, textFile, writeFiles, type GeneratedFiles } from '../../synth';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-writer-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const files = (contents: Readonly<Record<string, string>>): GeneratedFiles =>
  new Map(Object.entries(contents).map(([path, content]) => [path, textFile(content)]));
const listed = (): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

describe('writing files', () => {
  it('makes the folders it needs and leaves nothing temporary behind', () => {
    writeFiles(root, files({ 'a/b/c.txt': 'one', 'd.txt': 'two' }));
    expect(listed()).toEqual(['a/b/c.txt', 'd.txt']);
    expect(readFileSync(join(root, 'a/b/c.txt'), 'utf8')).toBe('one');
  });

  it('names the file that it cannot write, also below something that is no folder', () => {
    writeFiles(root, files({ taken: 'a file' }));
    expect(() => writeFiles(root, files({ 'taken/a.txt': 'one' }))).toThrow(
      `cannot write ${join(root, 'taken/a.txt')}: `,
    );
  });

  it('makes scripts executable, also when only that changed', () => {
    writeFiles(root, files({ 'run.sh': 'true' }));
    writeFiles(root, new Map([['run.sh', { content: 'true', executable: true }]]));
    expect(statSync(join(root, 'run.sh')).mode & 0o111).toBe(0o111);
  });

  it('does not touch a file that is already right', () => {
    writeFiles(root, files({ a: 'same' }));
    const before = statSync(join(root, 'a')).ino;
    writeFiles(root, files({ a: 'same' }));
    expect(statSync(join(root, 'a')).ino).toBe(before);
  });

  it('names a file that cannot be written and keeps what is there', () => {
    mkdirSync(join(root, 'taken'));
    expect(() => writeFiles(root, files({ taken: 'x' }))).toThrow(`cannot write ${join(root, 'taken')}: `);
    expect(listed()).toEqual([]);
  });
});

describe('replacing the files of a stack', () => {
  it('removes what the run before generated and this one did not', () => {
    replaceStackFiles(root, 'shop', files({ 'manifests/shop/00-a.yaml': '1', 'shop/values/old.yaml': '2' }));
    replaceStackFiles(root, 'shop', files({ 'manifests/shop/00-b.yaml': '1' }));
    expect(listed()).toEqual(['manifests/shop/00-b.yaml', 'shop/.generated']);
  });

  it('leaves alone what it did not generate, and the files of other stacks', () => {
    replaceStackFiles(root, 'shop', files({ 'shop/kind.yaml': '1' }));
    replaceStackFiles(root, 'bank', files({ 'bank/kind.yaml': '1' }));
    writeFileSync(join(root, 'shop/notes.txt'), 'mine');
    replaceStackFiles(root, 'shop', files({ 'shop/scenario.yaml': '1' }));
    expect(listed()).toEqual([
      'bank/.generated',
      'bank/kind.yaml',
      'shop/.generated',
      'shop/notes.txt',
      'shop/scenario.yaml',
    ]);
  });

  it('never follows its list out of the output folder', () => {
    const outside = join(root, 'outside.txt');
    writeFileSync(outside, 'mine');
    mkdirSync(join(root, 'dist/shop'), { recursive: true });
    writeFileSync(join(root, 'dist/shop/.generated'), `../outside.txt\n${outside}\n`);
    replaceStackFiles(join(root, 'dist'), 'shop', files({ 'shop/kind.yaml': '1' }));
    expect(existsSync(outside)).toBe(true);
  });
});
