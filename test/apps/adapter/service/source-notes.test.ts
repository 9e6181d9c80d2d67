import { SourceNotes } from '../../../../apps/adapter/service/source-notes';
import { createLogger } from '../../../../apps/runtime';
import type { QueryOutcome } from '../../../../core/adapter';

const good: QueryOutcome = { type: 'vector', samples: [] };
const down: QueryOutcome = { error: 'ECONNREFUSED', unavailable: true };
const slow: QueryOutcome = { error: 'no answer within 30000 ms', unavailable: true, tooMuch: true };

function setup() {
  const lines: string[] = [];
  const warned: string[] = [];
  const notes = new SourceNotes({
    logger: createLogger({
      ...{ level: 'info', now: () => new Date(0) },
      write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg),
    }),
    now: () => 0,
    onWarning: (source, rule) => void warned.push(`${source} ${rule}`),
  });
  const note = (rule: string, outcome: QueryOutcome, source = '') =>
    notes.note({ source, rule, text: 'x', freshnessMs: 0 }, outcome);
  return { notes, note, lines, warned };
}

test('a source that is down is told once, and when it is back', () => {
  const { notes, note, lines } = setup();
  for (const outcome of [down, down]) note('rules[0]', outcome);
  expect(notes.problem('')).toBe('ECONNREFUSED');
  expect(notes.problem('other')).toBeUndefined();
  for (const outcome of [good, good]) note('rules[1]', outcome);
  expect(notes.problem('')).toBeUndefined();
  expect(lines).toEqual(['a source does not answer', 'a source answers again']);
});

test('a query that is wrong says that the source answers', () => {
  const { notes, note } = setup();
  note('rules[0]', down);
  note('rules[1]', { error: 'parse error' });
  expect(notes.problem('')).toBeUndefined();
});

test('a rule whose queries are too much is told by its name, and hides no source that is down', () => {
  const { notes, note, lines } = setup();
  note('rules[1]', slow);
  note('rules[0]', good);
  note('rules[1]', slow);
  expect(notes.problem('')).toBe('rules[1]: no answer within 30000 ms');
  note('rules[0]', down);
  expect(notes.problem('')).toBe('ECONNREFUSED');
  note('rules[1]', good);
  expect(notes.problem('')).toBeUndefined();
  expect(lines).toEqual([
    'a query is too much for its source',
    'a source does not answer',
    'a source answers again',
  ]);
});

test('a query that was not asked says nothing new', () => {
  const { notes, note, lines } = setup();
  note('rules[0]', { error: 'not asked for another 767 ms', unavailable: true, unasked: true });
  expect(notes.problem('')).toBeUndefined();
  note('rules[0]', slow);
  note('rules[0]', { error: 'not asked for another 767 ms', unavailable: true, unasked: true });
  expect(notes.problem('')).toBe('rules[0]: no answer within 30000 ms');
  expect(lines).toEqual(['a query is too much for its source']);
});

test('warnings count and are told; what Prometheus thinks of a query is not', () => {
  const { note, lines, warned } = setup();
  note('rules[0]', { ...good, warnings: ['PromQL info: metric might not be a counter'] });
  expect([lines, warned]).toEqual([[], []]);
  for (let count = 0; count < 2; count += 1)
    note('rules[0]', { ...good, warnings: ['store b is down'] }, 'a');
  expect([lines, warned]).toEqual([['a source warns of its answer'], ['a rules[0]', 'a rules[0]']]);
});
