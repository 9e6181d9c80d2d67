import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN_DIFFERENCES, knownDifference, type Seen } from './differences';

test('the documentation lists exactly the differences that are known', () => {
  const text = readFileSync(join(__dirname, '../../docs/adapter.md'), 'utf8');
  const section = /### What a client sees\n([\s\S]*?)\n(?:##|Policies)/.exec(text)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)].map(([, where, why]) => [where, why]);
  // Without the head and the line below it.
  expect(rows.slice(2)).toEqual(KNOWN_DIFFERENCES.map(({ name, reason }) => [name, reason]));
});

const seen: Seen = {
  ...{ form: 'object metric, all', path: '/apis/x', configuration: '', where: 'message', status: 404 },
  upstream: 'the server could not find the metric a for pods',
  candidate: 'the server could not find the metric a for pods: no objects are selected',
};

test.each([
  ['a 404 that says why', {}, 'cause of a 404'],
  ['a 404 that says something else', { candidate: 'nothing' }, undefined],
  ['a 404 with a cause that nobody gives', { candidate: `${String(seen.upstream)}: moon` }, undefined],
  ['another failure that says why', { status: 500 }, undefined],
  ['another value', { where: 'items[].value', upstream: '1', candidate: '2' }, undefined],
])('%s', (_, change: Partial<Seen>, name) => {
  expect(knownDifference({ ...seen, ...change })?.name).toBe(name);
});
