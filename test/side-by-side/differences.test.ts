import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answered, WHOLE } from './compare';
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

const refusal = (message: string): Answered => ({
  ...{ status: 406, type: 'application/json' },
  body: { kind: 'Status', message },
});
const json: Answered = { status: 200, type: 'application/json', body: { kind: 'MetricValueList' } };
const onlyJson = refusal('only the following media types are accepted: application/json');
const unrouted = refusal('406: Not Acceptable\n\nAvailable representations: application/json');

test.each([
  [
    'YAML in place of which there is a refusal',
    onlyJson,
    { ...json, type: 'application/yaml' },
    'forms of answers',
  ],
  ['YAML in place of which there is JSON', json, { ...json, type: 'application/yaml' }, undefined],
  [
    'protobuf in place of which there is JSON',
    json,
    { ...json, type: 'application/vnd.kubernetes.protobuf' },
    'forms of answers',
  ],
  ['JSON in place of which there is a refusal', onlyJson, json, undefined],
  ['another refusal', refusal('no'), { ...json, type: 'application/yaml' }, undefined],
  ['a refusal in place of which there is JSON', json, unrouted, undefined],
])('%s', (_, candidate, upstream, name) => {
  const asked = { ...seen, accept: 'application/yaml', where: WHOLE };
  expect(knownDifference({ ...asked, candidate, upstream })?.name).toBe(name);
});

test('a wildcard that is refused, for which there is JSON', () => {
  const sides = { where: WHOLE, candidate: json, upstream: unrouted };
  expect(knownDifference({ ...seen, ...sides, accept: '*' })?.name).toBe('types by a wildcard');
});

test.each([
  ['a 404 that says why', {}, 'cause of a 404'],
  ['a 404 that says something else', { candidate: 'nothing' }, undefined],
  ['a 404 with a cause that nobody gives', { candidate: `${String(seen.upstream)}: moon` }, undefined],
  ['another failure that says why', { status: 500 }, undefined],
  ['another value', { where: 'items[].value', upstream: '1', candidate: '2' }, undefined],
])('%s', (_, change: Partial<Seen>, name) => {
  expect(knownDifference({ ...seen, ...change })?.name).toBe(name);
});
