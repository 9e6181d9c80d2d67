import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { run, runIn } from './run';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();

const CONFIG = `rules:
- seriesQuery: hits_total{namespace!="",pod!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  name: {matches: ^(.*)_total$, as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
externalRules:
- seriesQuery: queue{name!=""}
  resources: {namespaced: false}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
`;
const SERIES = `hits_total{namespace="shop",pod="web-1"} 0+60x10\nqueue{name="orders"} NaNx0\n`.replace(
  'NaNx0',
  'NaN',
);

const config = (text = CONFIG): string => folder.write('config.yaml', text);
const series = (text = SERIES): string => folder.write('series.txt', text);

describe('plimsoll rules', () => {
  it.each([['check'], ['explain'], ['test'], ['default'], ['schema']])(
    'helps: %s --help',
    async (command) => {
      const { exitCode, stdout } = await run('rules', command, '--help');
      expect(exitCode).toBe(0);
      expect(stdout).toMatchSnapshot();
    },
  );
});

describe('plimsoll rules check', () => {
  it('ends with 0 if nothing is wrong', async () => {
    const { exitCode, stdout } = await run('rules', 'check', config());
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `${folder.path('config.yaml')}: nothing is wrong with 2 rules.\n`,
    });
  });

  it('ends with 1 and tells place, mistake and remedy', async () => {
    const path = config(CONFIG.replace('${1}_per', '$1_per').replace('[2m]', '[20s]'));
    const { exitCode, stdout } = await run('rules', 'check', path, '--scrape-interval', '30s');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^error .*config\.yaml:4:37 rules\[0\]\.name\.as \[name-reference\]\n {2}\S/);
    expect(stdout).toContain('\n  fix: write ${1}_per_second: ');
    expect(stdout).toContain('rules[0].metricsQuery [window-too-short]');
    expect(stdout).toMatch(/\n2 errors\n$/);
  });

  it('ends with 0 if there are only warnings', async () => {
    const { exitCode, stdout } = await run(
      'rules',
      'check',
      config(CONFIG.replaceAll('hits_total', 'hits').replace('^(.*)_total$', '^(.*)$')),
    );
    expect({ exitCode, last: stdout.split('\n').at(-2) }).toEqual({ exitCode: 0, last: '1 warning' });
  });

  it('writes findings as JSON', async () => {
    const { stdout } = await run('rules', 'check', config('rules: []\n'), '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { check: 'nothing-served', severity: 'error', line: 1, column: 1 },
    ]);
  });

  it('reads a ConfigMap from the standard input', async () => {
    const lines = CONFIG.replace(/^(?=.)/gm, '    ').replace('seriesQuery:', 'seriesQuerry:');
    const stdin = [`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  config.yaml: |\n${lines}`];
    const { exitCode, stdout } = await runIn({ stdin }, 'rules', 'check', '-');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('error standard input:7:7 rules[0].seriesQuerry [config-unreadable]');
  });

  it('knows custom resources by name, and from their definitions', async () => {
    const path = config(CONFIG.replace('pod: {resource: pod}', 'brand: {resource: brand, group: cheese.io}'));
    const crd = folder.write(
      'crds/brand.yaml',
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: brands.cheese.io}
spec:
  group: cheese.io
  names: {kind: Brand, plural: brands, singular: brand}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true}]
`,
    );
    const codes = [];
    for (const options of [[], ['--resource', 'brands.cheese.io'], ['--crds', crd]]) {
      codes.push((await run('rules', 'check', path, ...options)).exitCode);
    }
    expect(codes).toEqual([1, 0, 0]);
  });

  it('counts resourceRules among what is checked', async () => {
    const upstream = await run('rules', 'default', '--upstream-only');
    const resourceRules = upstream.stdout.slice(upstream.stdout.indexOf('resourceRules:'));
    for (const [text, counted] of [
      [resourceRules, 'the resourceRules'],
      [CONFIG + resourceRules, '2 rules and the resourceRules'],
    ] as const) {
      const { stdout } = await run('rules', 'check', config(text));
      expect(stdout).toBe(`${folder.path('config.yaml')}: nothing is wrong with ${counted}.\n`);
    }
    const { stdout } = await run('rules', 'explain', config(CONFIG + resourceRules), '--series', series());
    expect(stdout).toMatch(/\n\nresourceRules: not explained\n3 metrics\n$/);
  });
});

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

/** What a server answers, by path; and what it was asked. */
describe('plimsoll rules explain --prometheus', () => {
  let server: Server;
  let asked: { readonly url: URL; readonly authorization: string | undefined }[] = [];
  let answer: (url: URL) => { readonly status?: number; readonly body: unknown } | undefined;

  const success = (data: unknown) => ({ body: { status: 'success', data } });
  const good = (url: URL) => {
    switch (url.pathname) {
      case '/prom/api/v1/series':
        return success([
          { __name__: 'hits_total', namespace: 'shop', pod: 'web-1' },
          { __name__: 'queue', name: 'a' },
        ]);
      case '/prom/api/v1/query':
        return success({
          resultType: 'vector',
          result: [
            { metric: { pod: 'web-1' }, value: [1, '+Inf'] },
            { metric: { pod: 'web-2' }, value: [1, '2.5'] },
          ],
        });
      default:
        return success(['hits_total']);
    }
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      asked.push({ url, authorization: request.headers.authorization });
      const said = answer(url);
      if (!said) return;
      response.writeHead(said.status ?? 200);
      response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
    answer = good;
  });

  const address = (credentials = ''): string => {
    const bound: AddressInfo | string | null = server.address();
    return `http://${credentials}127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}/prom`;
  };
  const explain = (pod: string, ...options: readonly string[]) =>
    run(
      'rules',
      'explain',
      config(),
      '--prometheus',
      address(),
      '--metric',
      'hits_per_second',
      '--for',
      `pods/shop/${pod}`,
      ...options,
    );

  it('asks for series of the last ten minutes, and then its query', async () => {
    const { exitCode, stdout } = await explain('web-2');
    expect({ exitCode, last: stdout.split('\n').at(-2) }).toEqual({
      exitCode: 0,
      last: 'value   web-2: 2500m',
    });
    const [listing, , query] = asked.map(({ url }) => url);
    expect(listing?.searchParams.get('match[]')).toBe('hits_total{namespace!="",pod!=""}');
    expect(query?.searchParams.get('query')).toBe(
      'sum(rate(hits_total{namespace="shop",pod="web-2"}[2m])) by (pod)',
    );
    const seconds = [query?.searchParams.get('time'), listing?.searchParams.get('start')].map(Number);
    expect((seconds[0] ?? 0) - (seconds[1] ?? 0)).toBeCloseTo(600, 2);
  });

  it('gives its credentials', async () => {
    await explain('web-2', '--header', 'Authorization: Bearer abc');
    await run('rules', 'explain', config(), '--prometheus', address('me:p%40ss@'));
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer abc', `Basic ${Buffer.from('me:p@ss').toString('base64')}`]),
    );
  });

  it('says what the adapter makes of infinity', async () => {
    expect((await explain('web-1')).stdout).toMatch(
      /\nnote +a result is \+Inf, which the adapter serves as -9223/,
    );
  });

  it('explains what Prometheus refuses', async () => {
    answer = (url) =>
      url.pathname.endsWith('/query')
        ? { status: 400, body: { status: 'error', errorType: 'bad_data', error: '1:1: parse error: x' } }
        : good(url);
    const { exitCode, stdout } = await explain('web-1');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Prometheus refuses the query: bad_data: 1:1: parse error: x');
  });

  it.each([
    ['a login page', { body: '<html>' }, 'answers 200 with what is not of Prometheus\' API: "<html>"'],
    ['nothing', { status: 502, body: '' }, 'answers 502'],
    [
      'another form',
      { body: { status: 'success', data: { a: 1 } } },
      'answers in another form than Prometheus does',
    ],
    ['401', { status: 401, body: 'no' }, 'refuses with 401: give credentials with --header'],
  ])('gives up on %s', async (_, said, message) => {
    answer = () => said;
    const { exitCode, stdout, stderr } = await explain('web-1');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('waits no longer than it is told', async () => {
    answer = () => undefined;
    expect((await explain('web-1', '--timeout', '50ms')).stderr).toContain(
      'cannot be asked: no answer within 0.05 s',
    );
  });

  it('says that nobody is there', async () => {
    const { exitCode, stderr } = await run(
      'rules',
      'explain',
      config(),
      '--prometheus',
      'http://nobody.invalid',
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('http://nobody.invalid/: cannot be asked: ');
  });
});

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

describe('plimsoll rules default', () => {
  it('prints rules with which an adapter starts', async () => {
    const words = ['--label-prefix', 'kube_', '--rate-interval', '2m'];
    const { exitCode, stdout } = await run('rules', 'default', ...words);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('template: kube_<<.Resource>>');
    expect(stdout).toContain('[2m]');
    expect(stdout).toContain('\nplimsoll:\n');
    const checked = await runIn({ stdin: [stdout] }, 'rules', 'check', '-');
    expect(checked.exitCode).toBe(0);
    expect(new Set(checked.stdout.match(/\[[a-z-]+\]/g))).toEqual(new Set(['[selector-too-wide]']));
  });

  it('prints what upstream reads when told so', async () => {
    const { stdout } = await run('rules', 'default', '--upstream-only');
    expect(stdout).toContain('[5m]');
    expect(stdout).not.toContain('plimsoll');
  });

  it.each([
    [['--label-prefix', 'a-b'], '--label-prefix: write the beginning of a label'],
    [['--rate-interval', 'x'], '--rate-interval: write a duration'],
    [['--rate-interval', '0s'], 'the rate interval must be at least'],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await run('rules', 'default', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
