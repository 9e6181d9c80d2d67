import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { textFile, type GeneratedFiles } from '../../synth';
import { repositoryPath, WorkingCopy, type Written } from '../../synth/gitops';
import { temporaryFolder } from '../cli/temporary-folder';

const folder = temporaryFolder();
const OWN = 'clusters/shop/plimsoll';
const PLACE = { stack: 'shop', path: OWN, git: true };

beforeEach(() => {
  mkdirSync(folder.path('.git'));
});

const files = (contents: Readonly<Record<string, string>>): GeneratedFiles =>
  new Map(Object.entries(contents).map(([path, content]) => [path, textFile(content)]));
const write = (contents: Readonly<Record<string, string>>): Written =>
  new WorkingCopy(folder.path(), PLACE).write(files(contents));
const listed = (): string[] =>
  readdirSync(folder.path(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.path().length + 1))
    .sort();

describe('a working copy', () => {
  it('says what was written, what was as it should be, and what went', () => {
    expect(write({ 'a.yaml': '1', 'b/c.yaml': '2', 'd/e.yaml': '3' })).toEqual({
      written: [`${OWN}/a.yaml`, `${OWN}/b/c.yaml`, `${OWN}/d/e.yaml`],
      unchanged: [],
      removed: [],
    });
    expect(write({ 'a.yaml': '1', 'b/c.yaml': 'two' })).toEqual({
      written: [`${OWN}/b/c.yaml`],
      unchanged: [`${OWN}/a.yaml`],
      removed: [`${OWN}/d/e.yaml`],
    });
    expect(listed()).toEqual([`${OWN}/.generated`, `${OWN}/a.yaml`, `${OWN}/b/c.yaml`]);
    expect(existsSync(folder.path(OWN, 'd'))).toBe(false);
  });

  it('does not touch what is as it should be', () => {
    write({ 'a.yaml': '1' });
    const long = new Date('2020-01-01T00:00:00Z');
    for (const file of ['a.yaml', '.generated']) utimesSync(folder.path(OWN, file), long, long);
    expect(write({ 'a.yaml': '1' })).toEqual({ written: [], unchanged: [`${OWN}/a.yaml`], removed: [] });
    for (const file of ['a.yaml', '.generated']) expect(statSync(folder.path(OWN, file)).mtime).toEqual(long);
  });

  it('brings back an own file that somebody changed or removed', () => {
    write({ 'a.yaml': '1', 'b.yaml': '2' });
    folder.write(`${OWN}/a.yaml`, 'changed');
    expect(write({ 'a.yaml': '1', 'b.yaml': '2' }).written).toEqual([`${OWN}/a.yaml`]);
  });

  it('refuses to overwrite a file of somebody else, before it writes anything', () => {
    folder.write(`${OWN}/b.yaml`, 'mine');
    expect(() => write({ 'a.yaml': '1', 'b.yaml': '2' })).toThrow(
      `${folder.path(OWN, 'b.yaml')} is not Plimsoll's and would be overwritten: move it, or choose another ` +
        '--gitops-path. Nothing was written',
    );
    expect(listed()).toEqual([`${OWN}/b.yaml`]);
  });

  it('leaves files of somebody else alone, beside its own and in folders that lose theirs', () => {
    write({ 'a.yaml': '1', 'b/c.yaml': '2' });
    folder.write(`${OWN}/b/notes.txt`, 'mine');
    folder.write('clusters/shop/flux-system/gotk-sync.yaml', "flux's");
    write({ 'a.yaml': '1' });
    expect(listed()).toEqual([
      'clusters/shop/flux-system/gotk-sync.yaml',
      `${OWN}/.generated`,
      `${OWN}/a.yaml`,
      `${OWN}/b/notes.txt`,
    ]);
  });

  it('takes files with the very same content for its own, as after a list that was lost', () => {
    folder.write(`${OWN}/a.yaml`, '1');
    expect(write({ 'a.yaml': '1' })).toMatchObject({ unchanged: [`${OWN}/a.yaml`] });
    expect(write({ 'a.yaml': '2' })).toMatchObject({ written: [`${OWN}/a.yaml`] });
  });

  it('lists files before they are there, so that a run which was interrupted can be run again', () => {
    write({ 'a.yaml': '1' });
    mkdirSync(folder.path(OWN, 'b'));
    // A folder that nothing can be written into ends the run between the two files.
    writeFileSync(folder.path(OWN, 'c'), 'no folder');
    expect(() => write({ 'b/new.yaml': '1', 'c/new.yaml': '1' })).toThrow();
    expect(write({ 'b/new.yaml': '2' })).toMatchObject({ written: [`${OWN}/b/new.yaml`] });
  });

  it('gives the contents of its own files that are still there', () => {
    write({ 'a.yaml': '1', 'b.yaml': '2' });
    folder.write(`${OWN}/notes.txt`, 'mine');
    expect([...new WorkingCopy(folder.path(), PLACE).read()]).toEqual([
      ['a.yaml', '1'],
      ['b.yaml', '2'],
    ]);
  });

  it('never follows a link out of itself', () => {
    mkdirSync(folder.path('clusters/shop'), { recursive: true });
    mkdirSync(folder.path('elsewhere'));
    symlinkSync(folder.path('elsewhere'), folder.path(OWN));
    expect(() => write({ 'a.yaml': '1' })).toThrow('is reached through a link');
    expect(readdirSync(folder.path('elsewhere'))).toEqual([]);
  });

  it('never follows its list out of the folder', () => {
    folder.write(`${OWN}/.generated`, 'stack: shop\n../../../README.md\n');
    folder.write('README.md', 'mine');
    expect(() => write({ 'a.yaml': '1' })).toThrow(
      `${folder.path(OWN, '.generated')}: "../../../README.md" is no path that Plimsoll wrote; restore the file from Git`,
    );
    expect(readFileSync(folder.path('README.md'), 'utf8')).toBe('mine');
  });

  it('refuses the folder of another stack, or of whoever wrote such a list', () => {
    write({ 'a.yaml': '1' });
    const place = { ...PLACE, stack: 'bank' };
    expect(() => new WorkingCopy(folder.path(), place)).toThrow(
      `${folder.path(OWN, '.generated')}: the folder is not that of stack bank but begins with "stack: shop": ` +
        'choose another --gitops-path',
    );
  });

  it('does not take a link or a folder for a file', () => {
    mkdirSync(dirname(folder.path(OWN, 'a.yaml')), { recursive: true });
    symlinkSync(folder.path('README.md'), folder.path(OWN, 'a.yaml'));
    expect(() => write({ 'a.yaml': '1' })).toThrow(`${folder.path(OWN, 'a.yaml')} is no file`);
  });

  it('has to be the root of a repository, where paths of Flux begin', () => {
    const inside = folder.path('inside');
    expect(() => new WorkingCopy(inside, PLACE)).toThrow(`--gitops ${inside}: is no folder`);
    mkdirSync(inside);
    expect(() => new WorkingCopy(inside, PLACE)).toThrow(`--gitops ${inside}: has no .git`);
    expect(new WorkingCopy(inside, { ...PLACE, git: false }).read().size).toBe(0);
  });
});

describe('a path in a repository', () => {
  it.each([
    ['clusters/kind', 'clusters/kind'],
    ['./clusters//kind/', 'clusters/kind'],
  ])('%s is %s', (path, normal) => {
    expect(repositoryPath(path)).toBe(normal);
  });

  it.each(['../kind', '/clusters/kind', '.', 'clusters/../..', 'my clusters', ''])('is not "%s"', (path) => {
    expect(() => repositoryPath(path)).toThrow('must lead to a folder below the root of the repository');
  });
});
