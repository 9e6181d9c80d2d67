import { symlinkSync } from 'node:fs';
import { readManifests } from '../../cli/read-manifests';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();
const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const read = (): string[] => readManifests(folder.path()).map(({ object }) => object.metadata.name);

describe('reading manifests', () => {
  it('takes YAML and JSON from folders in folders, in the order of names', () => {
    folder.write('b.yml', config('b'));
    folder.write('a/z.yaml', config('z'));
    folder.write('c.json', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }));
    folder.write('README.md', '# not a manifest');
    expect(read()).toEqual(['z', 'b', 'c']);
  });

  it('takes all documents of a file and passes over empty ones', () => {
    folder.write('all.yaml', `---\n# nothing\n---\n${config('a')}---\n---\n${config('b')}`);
    expect(read()).toEqual(['a', 'b']);
  });

  it('takes lists apart and says where each object stands', () => {
    const path = folder.write(
      'list.yaml',
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n',
    );
    const objects = readManifests(path);
    expect(objects.map(({ object, origin }) => [object.metadata.name, origin])).toEqual([
      ['a', { file: `${path}:4` }],
      ['b', { file: `${path}:5` }],
    ]);
  });

  it('reads one file as well as a folder', () => {
    expect(readManifests(folder.write('one.yaml', config('one')))).toHaveLength(1);
  });

  it('reads YAML 1.1, as kubectl does', () => {
    folder.write('one.yaml', `${config('one')}immutable: yes\n`);
    expect(readManifests(folder.path())[0]?.object['immutable']).toBe(true);
  });

  it('names file and line of broken YAML', () => {
    const path = folder.write('broken.yaml', `${config('a')}data: {\n`);
    expect(() => read()).toThrow(new RegExp(`^${path}:[56]: `));
  });

  it('names file and line of what is no object', () => {
    const path = folder.write('values.yaml', `${config('a')}---\nreplicas: 3\n`);
    expect(() => read()).toThrow(`${path}:6: not a Kubernetes object`);
  });

  it('names file and line of an alias without its anchor', () => {
    const path = folder.write('alias.yaml', `${config('a')}---\n${config('b')}data: *nothing\n`);
    expect(() => read()).toThrow(`${path}:6: Unresolved alias`);
  });

  it('names a folder that holds itself', () => {
    symlinkSync(folder.path('loop'), folder.path('loop'));
    expect(() => readManifests(folder.path('loop'))).toThrow(/^cannot read .*loop: .*ELOOP/);
  });

  it('says so when files hold no objects', () => {
    folder.write('empty.yaml', '# nothing yet\n---\n');
    expect(() => read()).toThrow(`${folder.path()}: there are no Kubernetes objects in it`);
  });

  it('says so when there is nothing', () => {
    expect(() => read()).toThrow(`${folder.path()}: there are no .yaml, .yml or .json files in it`);
    expect(() => readManifests(folder.path('nowhere'))).toThrow('nowhere: no such file or folder');
  });
});
