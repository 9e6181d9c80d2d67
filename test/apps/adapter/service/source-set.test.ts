import { DEFAULT_SOURCE, type SourceSettings } from '../../../../core/rules/sources';
import { UsageError } from '../../../../core/errors';
import { SourceSet } from '../../../../apps/adapter/service/source-set';
import type { PrometheusSource } from '../../../../apps/adapter/sources';

type Outcome = Awaited<ReturnType<PrometheusSource['query']>>;

const ANSWER: Outcome = { type: 'vector', samples: [] };
let made: string[];
let closed: string[];
let release: () => void;

beforeEach(() => {
  made = [];
  closed = [];
  release = () => undefined;
});

test('a source whose settings are the same goes on', () => {
  const sources = new SourceSet(make);
  sources.replace([settings('a', 'http://one'), settings('b', 'http://two')]);
  const [a, b] = [sources.get('a'), sources.get('b')];
  sources.replace([settings('a', 'http://one'), settings('b', 'http://three')]);
  expect(sources.get('a')).toBe(a);
  expect(sources.get('b')).not.toBe(b);
  expect(made).toEqual(['http://one', 'http://two', 'http://three']);
});

test('one that is replaced answers what it was asked, and is closed then', async () => {
  const sources = new SourceSet(make);
  sources.replace([settings('a', 'http://one')]);
  const answer = sources.get('a')?.query('up', 0, new AbortController().signal);
  sources.replace([settings('a', 'http://two')]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toEqual([]);
  release();
  expect(await answer).toBe(ANSWER);
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toEqual(['http://one']);
});

test('all are closed at the end, those too that still wait for an answer', async () => {
  const sources = new SourceSet(make);
  sources.replace([settings('a', 'http://one')]);
  void sources.get('a')?.query('up', 0, new AbortController().signal);
  sources.replace([settings('a', 'http://two')]);
  await sources.close();
  expect(closed).toEqual(['http://one', 'http://two']);
});

test('settings that cannot be change nothing', () => {
  const sources = new SourceSet(make);
  sources.replace([settings('a', 'http://one')]);
  const before = sources.get('a');
  expect(() => sources.replace([settings('a', 'http://two'), settings('b', 'bad')])).toThrow(UsageError);
  expect([sources.get('a'), sources.names]).toEqual([before, ['a']]);
  expect(closed).toEqual(['http://two']);
});

function make({ name, url }: SourceSettings): PrometheusSource {
  if (url === 'bad') throw new UsageError('no URL');
  made.push(url);
  return {
    name,
    query: () => new Promise((resolve) => (release = () => resolve(ANSWER))),
    labelNames: () => Promise.resolve({ values: [] }),
    labelValues: () => Promise.resolve({ values: [] }),
    close: () => Promise.resolve(void closed.push(url)),
  };
}

function settings(name: string, url: string): SourceSettings {
  return { ...DEFAULT_SOURCE, name, url, headers: [], tls: {} };
}
