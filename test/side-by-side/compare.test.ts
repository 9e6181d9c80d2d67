import { answered, type Answered, differences } from './compare';

const JSON_TYPE = 'application/json';

test('the order of listings does not count, that of values does', () => {
  const listing = reply({ resources: [{ name: 'pods/a' }, { name: 'pods/b' }] });
  expect(differences(listing, reply({ resources: [{ name: 'pods/b' }, { name: 'pods/a' }] }))).toEqual([]);
  const values = reply({ items: [{ value: '1' }, { value: '2' }] });
  expect(differences(values, reply({ items: [{ value: '2' }, { value: '1' }] }))).toEqual([
    { where: 'items[].value', upstream: '1', candidate: '2' },
    { where: 'items[].value', upstream: '2', candidate: '1' },
  ]);
});

test('times may differ as those of one moment do', () => {
  const at = (timestamp: string): Answered => reply({ items: [{ timestamp }] });
  expect(differences(at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:04Z'))).toEqual([]);
  expect(differences(at('2026-01-01T00:00:00Z'), at('2026-01-01T00:01:00Z'))).toHaveLength(1);
  expect(differences(at('2026-01-01T00:00:00Z'), at('yesterday'))).toHaveLength(1);
});

test('answers of another status, content type or kind differ as a whole', () => {
  const answer = reply({ kind: 'Status', code: 404, message: 'nobody' });
  const other: Answered = { status: 500, type: 'text/plain', body: 'no' };
  expect(differences(answer, other)).toEqual([{ where: 'answer', upstream: answer, candidate: other }]);
  expect(differences(reply({ kind: 'List', items: [] }), reply({ kind: 'Table', rows: [] }))).toHaveLength(1);
});

test('fields that one side lacks are differences', () => {
  const found = differences(
    reply({ kind: 'Status', code: 404 }),
    reply({ kind: 'Status', reason: 'NotFound' }),
  );
  expect(found.map(({ where }) => where)).toEqual(['code', 'reason']);
});

function reply(body: unknown): Answered {
  return answered({ status: 200, type: JSON_TYPE, text: JSON.stringify(body) });
}
