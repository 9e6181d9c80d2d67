import { CONFIG, rulesFiles } from './rules-files';
import { run } from './run';

const { folder, config, series } = rulesFiles();

describe('plimsoll rules explain', () => {
  it('notes what prometheus-adapter itself makes of a refused selector', async () => {
    const path = config(CONFIG.replace('queue{name!=""}', 'queue{'));
    const { exitCode, stdout } = await run('rules', 'explain', path, '--series', series());
    expect(exitCode).toBe(0);
    expect(stdout.replace(/\n {6}/g, ' ')).toContain(
      '\n\nnote: prometheus-adapter itself lists no metric of externalRules while externalRules[0].seriesQuery is refused;',
    );
    const { stdout: json } = await run('rules', 'explain', path, '--series', series(), '--json');
    const reports: unknown = JSON.parse(json);
    expect(reports).toMatchObject([
      { rule: 'rules[0]' },
      { rule: 'externalRules[0]', note: expect.stringContaining('no metric of externalRules') as string },
    ]);
  });

  it('lists series as far back as it is told', async () => {
    const old = ['--series', series(), '--at', '30m'];
    const last = async (...options: readonly string[]) =>
      (await run('rules', 'explain', config(), ...old, ...options)).stdout.split('\n').at(-2);
    expect([await last(), await last('--max-age', '40m')]).toEqual(['0 metrics', '3 metrics']);
  });

  it('tells which metrics there are', async () => {
    const { exitCode, stdout } = await run('rules', 'explain', config(), '--series', series());
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `rules[0] hits_total{namespace!="",pod!=""} (1 series)
  namespaces/hits_per_second  from hits_total
  pods/hits_per_second        from hits_total

externalRules[0] queue{name!=""} (1 series)
  queue  from queue

3 metrics
`,
    });
  });

  it('tells what an autoscaler gets', async () => {
    const words = ['--series', series(), '--metric', 'hits_per_second', '--for', 'pods/shop/web-1'];
    const { exitCode, stdout } = await run('rules', 'explain', config(), ...words);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `rule    rules[0], from hits_total
query   sum(rate(hits_total{namespace="shop",pod="web-1"}[2m])) by (pod)
result  {pod="web-1"} 1
value   web-1: 1
`,
    });
  });

  it('ends with 1 and says what is missing', async () => {
    const words = ['--series', series(), '--metric', 'hits_per_second', '--for', 'pods/shop/web-2'];
    const { exitCode, stdout } = await run('rules', 'explain', config(), ...words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /\nmissing query-empty\n {8}the query has no result: no series hits_total has pod="web-2"/,
    );
  });

  it('looks at the moment, the interval and the labels that it is told', async () => {
    const scrapes = [0, 60].map((value, index) =>
      folder.write(`scrape-${index}`, `# TYPE hits_total counter\nhits_total ${value}\n`),
    );
    const labels = ['--label', 'namespace=shop', '--label', 'pod=web-1'];
    const words = [
      ...scrapes.flatMap((path) => ['--series', path]),
      ...labels,
      '--interval',
      '30s',
      '--at',
      '1m',
    ];
    const wanted = ['--metric', 'hits_per_second', '--for', 'pods/shop/web-1', '--json'];
    const { stdout } = await run('rules', 'explain', config(), ...words, ...wanted);
    expect(JSON.parse(stdout)).toMatchObject({ values: [{ object: 'web-1', value: '1' }] });
  });

  it('writes numbers that JSON does not have', async () => {
    const wanted = ['--metric', 'queue', '--for', 'external/shop', '--json'];
    const { exitCode, stdout } = await run(
      'rules',
      'explain',
      config(),
      '--series',
      series(),
      '--at',
      '0s',
      ...wanted,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: { samples: [{ value: 'NaN' }] } });
  });

  it('says with which mistake the adapter would not start', async () => {
    const broken = config(CONFIG.replace('resource: pod}', 'resource: pdo}'));
    const { exitCode, stderr } = await run('rules', 'explain', broken, '--series', series());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('plimsoll rules check tells everything that is wrong');
  });
});
