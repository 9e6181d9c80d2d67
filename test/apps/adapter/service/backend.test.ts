import { text } from '../sources/support';
import { backendBench, configOf, type BackendBench } from './backend-bench';

const wanted = { source: 'main', text: 'up', rule: 'externalRules[0]', freshnessMs: 0 };

let tested: BackendBench;

beforeEach(async () => {
  tested = await backendBench();
});
afterEach(() => tested.end());

async function lines(metric: string): Promise<readonly string[]> {
  const { body } = await tested.backend.exposition();
  return body.split('\n').filter((line) => line.startsWith(`plimsoll_adapter_${metric}`));
}

const problem = (name: string) =>
  tested.backend
    .checks()
    .find((check) => check.name === name)
    ?.state();

/** Has a query sent. @returns what has it fail, and ends when that was heard */
async function asked(): Promise<() => Promise<unknown>> {
  let fail = (): void => undefined;
  tested.prometheus.answer = (...call) => (fail = () => text(404, 'no', 'text/plain')(...call));
  const outcome = tested.backend.queries.single(wanted);
  await tested.prometheus.until(1);
  return () => {
    fail();
    return Promise.resolve(outcome);
  };
}

test('what a source says is told', async () => {
  const fail = await asked();
  await fail();
  expect(await lines('source_up')).toEqual(['plimsoll_adapter_source_up{source="main"} 0']);
  expect(problem('source-main')).toMatch(/404/);
  expect(tested.bench.logged('warn')).toEqual(['a source does not answer']);
});

test.each([
  ['taken out', {}],
  ['replaced', { main: 'http://127.0.0.1:1' }],
])('what a source says after it was %s counts as nothing', async (_what, sources) => {
  const fail = await asked();
  tested.backend.setConfig(configOf(sources));
  await fail();
  expect(await lines('source_up')).toEqual([]);
  expect(await lines('source_queries_total')).toHaveLength(1);
  expect(problem('source-main')).toBeUndefined();
  expect(tested.bench.logged('warn')).toEqual([]);
});

test('a query that the end of the adapter ends says nothing of its source', async () => {
  await asked();
  await tested.backend.close();
  expect(tested.bench.logged('warn')).toEqual([]);
});

test('a configuration that is refused while the adapter starts is told', async () => {
  expect(await lines('config_last_reload_successful')).toEqual([
    'plimsoll_adapter_config_last_reload_successful 1',
  ]);
  tested.backend.countReload(false);
  tested.backend.start();
  expect(await lines('config_last_reload_successful')).toEqual([
    'plimsoll_adapter_config_last_reload_successful 0',
  ]);
});
