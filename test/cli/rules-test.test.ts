import { CONFIG, rulesFiles } from './rules-files';
import { run } from './run';

const { folder, config } = rulesFiles();

describe('plimsoll rules test', () => {
  const TEST = `config: config.yaml
series: ['hits_total{namespace="shop",pod="web-1"} 0+60x10']
tests:
- {name: good, metric: hits_per_second, for: pods/shop/web-1, value: 1}
`;

  it('ends with 0 if every test of every file passes', async () => {
    config();
    const paths = ['a.test.yaml', 'sub/b.test.yaml'].map((name) =>
      folder.write(name, name.startsWith('sub') ? TEST.replace('config.yaml', '../config.yaml') : TEST),
    );
    const { exitCode, stdout } = await run('rules', 'test', ...paths);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${paths.map((path) => `ok     ${path}:4 good`).join('\n')}\n\n2 tests: 2 passed\n`);
  });

  it('ends with 1 and shows what differs', async () => {
    config();
    const path = folder.write('t.yaml', TEST.replace('value: 1', 'value: 2'));
    const { exitCode, stdout } = await run('rules', 'test', path);
    expect(exitCode).toBe(1);
    expect(stdout).toBe(`FAILED ${path}:4 good
  value at 10m
  - expected 2
  + got      1
    rule    rules[0], from hits_total
    query   sum(rate(hits_total{namespace="shop",pod="web-1"}[2m])) by (pod)
    result  {pod="web-1"} 1
    value   web-1: 1

1 test: 1 failed
`);
  });

  it('writes results as JSON', async () => {
    config();
    const { stdout } = await run('rules', 'test', folder.write('t.yaml', TEST), '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { tests: [{ name: 'good', line: 4, passed: true, differences: [] }] },
    ]);
  });

  it('takes the rules from the file itself', async () => {
    const inline = `config:\n${CONFIG.replace(/^(?=.)/gm, '  ')}${TEST.replace(/^.*\n/, '')}`;
    expect((await run('rules', 'test', folder.write('t.yaml', inline))).exitCode).toBe(0);
    const broken = folder.write('t.yaml', inline.replace('seriesQuery', 'query'));
    expect((await run('rules', 'test', broken)).stderr).toContain(
      `${broken}:3:5: rules[0].query: unknown field`,
    );
  });

  it('ends with 2 if a file is no test', async () => {
    const { exitCode, stderr } = await run('rules', 'test', folder.write('t.yaml', 'tests: []\n'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('t.yaml:1:1: config: ');
    const empty = await run('rules', 'test', folder.write('t.yaml', ''));
    expect(empty.exitCode).toBe(2);
    expect(empty.stderr).toContain('t.yaml:1:1: write what a file of tests holds: config:, tests:');
    const odd = await run('rules', 'test', folder.write('t.yaml', `${TEST}seriess: []\ninterval: 0s\n`));
    expect(odd.stderr).toContain('seriess: unknown field');
    expect(odd.stderr).toContain('interval: write a duration above 0');
    const below = folder.write('t.yaml', TEST.replace('value: 1', 'value: 1, within: -1m'));
    expect((await run('rules', 'test', below)).stderr).toContain(
      'tests[0].within: write a quantity that is not below 0',
    );
  });
});
