import { Health, type HealthCheck } from '../../../../apps/adapter/service/health';

const WELL: HealthCheck = { name: 'certificate', counts: 'ready', state: () => undefined };
const TOLD: HealthCheck = { name: 'source', counts: 'told', state: () => 'connection refused' };
const BAD: HealthCheck = { name: 'shutdown', counts: 'ready', state: () => 'stopping' };

function answer(checks: readonly HealthCheck[], asked: Partial<Parameters<Health['answer']>[0]> = {}) {
  const health = new Health(() => checks);
  const route = { part: undefined, verbose: false, exclude: [], pretty: undefined, timeoutMs: undefined };
  const attributes = { verb: 'get', path: '/readyz' };
  const { status, body } = health.answer({ kind: 'health', check: 'readyz', attributes, ...route, ...asked });
  return [status, body.toString()];
}

test('what is only told keeps it ready, and is seen by who looks', () => {
  expect(answer([WELL, TOLD])).toEqual([200, 'ok']);
  expect(answer([WELL, TOLD], { verbose: true })).toEqual([
    200,
    '[+]ping ok\n[+]certificate ok\n[!]source: connection refused (told only)\nreadyz check passed\n',
  ]);
  expect(answer([WELL, TOLD], { part: 'source' })[0]).toBe(500);
});

test('what counts makes it not ready, unless it is excluded', () => {
  expect(answer([WELL, BAD])).toEqual([
    500,
    '[+]ping ok\n[+]certificate ok\n[-]shutdown failed: stopping\nreadyz check failed\n',
  ]);
  expect(answer([WELL, BAD], { exclude: ['shutdown'] })).toEqual([200, 'ok']);
  expect(answer([WELL, BAD], { check: 'livez' })).toEqual([200, 'ok']);
  expect(answer([WELL], { part: 'nothing' })[0]).toBe(404);
});
