import { findImage, imagesFor, unavailableReason } from './catalog';
import { parseReference } from './reference';
import { copiedPaths } from './stamps';

test('takes references apart', () => {
  expect(parseReference('localhost:5000/a/b:1@sha256:0')).toEqual({
    repository: 'localhost:5000/a/b',
    tag: '1',
    digest: 'sha256:0',
  });
  expect(parseReference('localhost:5000/a')).toEqual({
    repository: 'localhost:5000/a',
    tag: undefined,
    digest: undefined,
  });
  expect(() => parseReference(':1')).toThrow('image ":1": write NAME');
});

test('finds own images behind any registry, by this version or a digest', () => {
  const own = { kind: 'own', name: 'adapter' };
  for (const reference of ['plimsoll/adapter:0.1.0', 'r.example:5000/x/plimsoll/adapter@sha256:0']) {
    expect(findImage(reference)).toEqual(own);
  }
  expect(findImage('plimsoll/adapter:9')).toBeUndefined();
  expect(findImage('plimsoll/adapter')).toBeUndefined();
  expect(findImage('other/notplimsoll/adapter:0.1.0')).toBeUndefined();
});

test('names what to build, and why something cannot be', () => {
  const prometheus = 'quay.io/prometheus/prometheus:v3.14.0';
  expect(imagesFor([prometheus, prometheus, 'docker.io/grafana/grafana:13.2.3'])).toEqual(['prometheus']);
  expect(unavailableReason(prometheus)).toBeUndefined();
  expect(unavailableReason('docker.io/grafana/grafana:13.2.3')).toContain('decides nothing');
  expect(unavailableReason('quay.io/prometheus/prometheus:v9')).toContain('only v3.14.0');
});

test('reads what a Dockerfile copies of the repository', () => {
  const dockerfile = 'FROM a\nCOPY a.json b.json ./\nCOPY core core\nCOPY --from=build /x /y\n';
  expect(copiedPaths(dockerfile)).toEqual(['a.json', 'b.json', 'core']);
});
