import { Health, type HealthCheck } from '../../../../apps/adapter/service/health';

const WELL: HealthCheck = { name: 'certificate', counts: 'ready', state: () => undefined };
const TOLD: HealthCheck = { name: 'source', counts: 'told', state: () => 'connection refused' };
const BAD: HealthCheck = { name: 'shutdown', counts: 'ready', state: () => 'stopping' };

function answer(checks: readonly HealthCheck[], asked: Partial<Parameters<Health['answer']>[0]> = {}) {
  const health = new Health(() => checks);
  const route = { part: undefined, verbose: false, exclude: [], pretty: undefined, timeoutMs: undefined };
  const attributes = { verb: 'get', path: '/readyz' };
  const reply = health.answer({ kind: 'health', check: 'readyz', attributes, ...route, ...asked });
  return reply && [reply.status, reply.body.toString()];
}

test('what is only told keeps it ready, and is seen by who looks', () => {
  expect(answer([WELL, TOLD])).toEqual([200, 'ok']);
  expect(answer([WELL, TOLD], { verbose: true })).toEqual([
    200,
    '[+]ping ok\n[+]certificate ok\n[!]source failed: reason withheld (told only)\nreadyz check passed\n',
  ]);
});

test('what counts makes it not ready, unless it is excluded', () => {
  expect(answer([WELL, BAD])).toEqual([
    500,
    '[+]ping ok\n[+]certificate ok\n[-]shutdown failed: reason withheld\nreadyz check failed\n',
  ]);
  expect(answer([WELL, BAD], { exclude: ['shutdown'] })).toEqual([200, 'ok']);
});

test.each(['livez', 'healthz'] as const)('%s answers while it is alive, whatever it lacks', (check) => {
  expect(answer([WELL, BAD], { check, verbose: true })).toEqual([200, `[+]ping ok\n${check} check passed\n`]);
  expect(answer([WELL, BAD], { check, part: 'shutdown' })).toBeUndefined();
});

test('a check of its own path says why it fails, whether or not anything depends on it', () => {
  expect(answer([WELL, TOLD], { part: 'source' })).toEqual([
    500,
    'internal server error: connection refused\n',
  ]);
  expect(answer([WELL, TOLD, BAD], { part: 'certificate', verbose: true })).toEqual([200, 'ok']);
  // As the API server: the query is for all checks together.
  expect(answer([BAD], { part: 'shutdown', exclude: ['shutdown'] })?.[0]).toBe(500);
  expect(answer([WELL], { part: 'nothing' })).toBeUndefined();
  expect(answer([WELL], { check: 'livez', part: 'certificate' })).toBeUndefined();
});

test('a path for each of them', () => {
  expect(new Health(() => [WELL]).paths).toEqual([
    ...['/healthz/ping', '/livez/ping', '/readyz/ping', '/readyz/certificate'],
  ]);
});
