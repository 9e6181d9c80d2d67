import { ExplainingAdapter, SERVER_NAME, TOKEN } from './explaining-adapter';
import { run } from './run';
import { temporaryFolder } from './temporary-folder';

const CONFIG = `rules:
- seriesQuery: hits_total{namespace!="",pod!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  name: {matches: ^(.*)_total$, as: "\${1}_per_second"}
  metricsQuery: sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)
- seriesQuery: hits_total
  resources: {overrides: {pod: {resource: podz}}}
  metricsQuery: hits_total
- seriesQuery: share{namespace!="",pod!=""}
  resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}}}
  metricsQuery: share{<<.LabelMatchers>>} / scalar(sum(share))
  plimsoll: {staleness: {maxSampleAge: 1m}}
- seriesQuery: 'never{'
  resources: {overrides: {pod: {resource: pod}}}
  metricsQuery: never
externalRules:
- seriesQuery: queue{name!=""}
  resources: {namespaced: false}
  metricsQuery: <<.Series>>{<<.LabelMatchers>>}
resourceRules:
  cpu: &usage
    containerQuery: sum by (<<.GroupBy>>) (cpu{<<.LabelMatchers>>,container!=""})
    nodeQuery: sum by (<<.GroupBy>>) (node_cpu{<<.LabelMatchers>>})
    resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}
    containerLabel: container
  memory:
    <<: *usage
    containerQuery: sum by (<<.GroupBy>>) (memory{<<.LabelMatchers>>,container!=""})
    nodeQuery: sum by (<<.GroupBy>>) (node_memory{<<.LabelMatchers>>})
`;
const SERIES = `hits_total{namespace="shop",pod="web-1"} 0+60x10
hits_total{namespace="shop",pod="web-2"} 0+120x10
share{namespace="shop",pod="web-1"} 1x10
queue{name="orders"} 40x10
cpu{namespace="shop",pod="web-1",container="web"} 0.25x10
memory{namespace="shop",pod="web-1",container="web"} 1048576x10
node_cpu{node="n1"} 2x10
node_memory{node="n1"} 1048576x10
`;

const folder = temporaryFolder();
let adapter: ExplainingAdapter;

beforeAll(async () => {
  const world = { config: CONFIG, series: SERIES, pods: ['web-1', 'web-2'], nodes: ['n1'] };
  adapter = await ExplainingAdapter.start(world);
});
afterAll(() => adapter.stop());

function explain(...words: readonly string[]) {
  const credentials = ['--token', TOKEN, '--ca-file', folder.write('ca.crt', adapter.authority)];
  const address = ['--adapter', adapter.url, '--server-name', SERVER_NAME];
  return run('rules', 'explain', ...address, ...credentials, ...words);
}

function metric(name: string, target: string, ...words: readonly string[]) {
  return explain('--metric', name, '--for', target, ...words);
}

describe('plimsoll rules explain --adapter', () => {
  it('tells the way of a metric from rule to values', async () => {
    const { exitCode, stdout, stderr } = await metric('hits_per_second', 'pods/shop/*');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`rule    rules[0], from hits_total
source  --prometheus-url, asked at 1970-01-01T00:10:00.000Z; a result counts for 7.5 s
query   sum(rate(hits_total{namespace="shop",pod=~"web-1|web-2"}[2m])) by (pod)
fusion  one query answers for the objects of many autoscalers: sum by (pod, namespace)
        (rate(hits_total{namespace!="",pod!=""}[2m]))
result  {pod="web-1"} 1
result  {pod="web-2"} 2
age     the newest samples of the objects are up to 0 s old: that of web-1
value   web-1: 1
value   web-2: 2
`);
  });

  it('says why a query is not fused, and why the age is not known', async () => {
    const { stdout } = await metric('share', 'pods/shop/web-1');
    expect(stdout).toMatch(/\nfusion {2}each request has a query of its own: \S/);
    expect(stdout).toMatch(/\nage {5}not known: the result of scalar\(\) is of no sample\n/);
    expect(stdout).toContain('\nvalue   web-1: 1\n');
  });

  it('ends with 1 and tells the first link that failed', async () => {
    const { exitCode, stdout } = await metric('hits_per_second', 'pods/shop/web-3');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '\nmissing query-empty\n        the query has no result: no series hits_total has',
    );
  });

  it('tells of a metric that no rule serves what each makes of it, those that are broken among them', async () => {
    const { exitCode, stdout } = await metric('misses', 'pods/shop/web-1');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^note {4}rules\[1\] is not served: \S/);
    expect(stdout).toMatch(
      /\nmissing listing-failed in rules\[3\]\n {8}Prometheus does not list its series: \S/,
    );
    expect(stdout).toContain('\nalso    rules[0]: it makes hits_per_second, not misses\n');
    expect(stdout).not.toContain('prometheus-adapter');
    expect(stdout).not.toContain('--resource');
  });

  it.each([
    ['hits_per_second', 'namespaces/shop', [], 'shop: 3'],
    ['queue', 'external/shop', ['--selector', 'name=orders'], '{name="orders"}: 40'],
  ])('explains %s of %s', async (name, target, words, value) => {
    const { exitCode, stdout } = await metric(name, target, ...words);
    expect({ exitCode, value: /\nvalue {3}(.*)\n/.exec(stdout)?.[1] }).toEqual({
      exitCode: 0,
      value: expect.stringContaining(value) as string,
    });
  });

  it('passes the selector of a metric on', async () => {
    await metric('hits_per_second', 'pods/shop/web-1', '--selector', 'code in (200, 500)');
    expect(adapter.targets.at(-1)).toBe(
      '/explain/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/web-1/hits_per_second?metricLabelSelector=code+in+%28200%2C+500%29',
    );
  });

  it('asks as an autoscaler does, by the labels of its pods', async () => {
    const asked = ['--selector', 'code=200', '--object-selector', 'app in (web)'];
    const { exitCode, stdout } = await metric('share', 'pods/shop/*', ...asked.slice(2));
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('\nvalue   web-1: 1\n') as string]);
    await metric('hits_per_second', 'pods/shop/*', ...asked);
    expect(adapter.targets.at(-1)).toBe(
      '/explain/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/pods/*/hits_per_second?labelSelector=app+in+%28web%29&metricLabelSelector=code%3D200',
    );
    await explain('--for', 'pods/shop/*', '--object-selector', 'app=web');
    expect(adapter.targets.at(-1)).toBe(
      '/explain/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods?labelSelector=app%3Dweb',
    );
  });

  it('says which objects are not there', async () => {
    const { exitCode, stdout } = await metric('share', 'pods/shop/*', '--object-selector', 'app=api');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'missing no-objects\n        the cluster has no pods in namespace shop with the labels app=api\n',
    );
  });

  it.each(['pods/shop/web-1', 'external/shop'])('has no labels to look for in %s', async (target) => {
    const { exitCode, stderr } = await metric('share', target, '--object-selector', 'app=web');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--object-selector: ${target} is no list of objects to select from`);
  });

  it('explains CPU and memory of pods', async () => {
    const { exitCode, stdout } = await explain('--for', 'pods/shop/*');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('rule    resourceRules\n');
    expect(stdout).toMatch(/\ncpu {5}sum by \(pod,container\) \(cpu\{/);
    expect(stdout).toContain('\nvalue   web-1, container web: cpu 250m, memory 1Mi\n');
    expect(stdout).toContain('\ntime    web-1: 1970-01-01T00:10:00.000Z, 0 s before the query\n');
    expect(stdout).toContain('\nalso    resourceRules: the cpu query has no result with pod="web-2"\n');
  });

  it('explains those of a node, and of one that is not there', async () => {
    expect((await explain('--for', 'nodes/n1')).stdout).toContain('\nvalue   n1: cpu 2, memory 1Mi\n');
    const { exitCode, stdout } = await explain('--for', 'nodes/n2');
    expect([exitCode, stdout]).toEqual([
      1,
      'rule    resourceRules\nmissing no-objects\n        the cluster has no node n2 that is asked for\n',
    ]);
  });

  it('writes JSON', async () => {
    const { exitCode, stdout } = await metric('hits_per_second', 'pods/shop/web-2', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'MetricExplanation',
      rule: 'rules[0]',
      fusion: { fusable: true },
      newestSample: { ageSeconds: 0 },
      values: [{ object: 'web-2', value: '2' }],
      others: [],
    });
  });
});

describe('plimsoll rules explain --adapter without an answer', () => {
  const wanted = ['--metric', 'hits_per_second', '--for', 'pods/shop/web-1'];
  const fails = async (...words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run('rules', 'explain', ...words, ...wanted);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toContain(TOKEN);
    return stderr;
  };
  const authority = () => ['--ca-file', folder.write('ca.crt', adapter.authority)];
  const named = ['--server-name', SERVER_NAME];

  it('asks for the authority of a certificate that cannot be verified', async () => {
    expect(await fails('--adapter', adapter.url, '--token', TOKEN, ...named)).toContain(
      'its certificate is of an authority that is not known (UNABLE_TO_VERIFY_LEAF_SIGNATURE): name the file with it by --ca-file',
    );
  });

  it('asks for the name of a certificate of another name', async () => {
    const said = await fails('--adapter', adapter.url, '--token', TOKEN, ...authority());
    expect(said).toContain(`but for DNS:${SERVER_NAME}: choose one of these by --server-name`);
  });

  it('asks for credentials where they are missing or wrong', async () => {
    const file = folder.write('token', 'another\n');
    for (const words of [[], ['--token-file', file]]) {
      expect(await fails('--adapter', adapter.url, ...authority(), ...named, ...words)).toContain(
        'does not know who asks: give --token or --token-file',
      );
    }
  });

  it('names the way to an adapter that cannot be reached', async () => {
    const gone = await ExplainingAdapter.start({ config: '{}', series: '', pods: [] });
    const { url } = gone;
    await gone.stop();
    expect(await fails('--adapter', url)).toContain('kubectl port-forward service/NAME 8443:443');
  });

  it('tells what is no adapter of Plimsoll', async () => {
    const said = await fails('--adapter', `${adapter.url}/other`, '--token', TOKEN, ...authority(), ...named);
    expect(said).toContain("has nothing there: name the address of Plimsoll's adapter");
  });

  it.each([
    [
      ['--adapter', 'http://localhost:8080'],
      '--adapter "http://localhost:8080": write an address such as https:',
    ],
    [['--adapter', 'https://me:hidden@h'], '--adapter: name the address alone'],
    [['config.yaml', '--adapter', 'https://h'], 'config.yaml: the adapter has its own configuration'],
    [['--adapter', 'https://h', '--prometheus', 'http://h'], 'say where series come from'],
    [
      ['--adapter', 'https://h', '--crds', 'a', '--max-age', '1m'],
      '--crds, --max-age: of no effect with --adapter',
    ],
    [
      ['--adapter', 'https://h', '--header', 'a: b'],
      '--header: of no effect with --adapter, only with --prometheus',
    ],
    [
      ['--adapter', 'https://h', '--token', 'a', '--token-file', 'b'],
      'give --token or --token-file, not both',
    ],
    [['--adapter', 'https://h', '--token', 'a b'], '--token: a token is one word'],
    [['--adapter', 'https://h', '--cert', 'a'], '--cert and --key belong together'],
    [['--adapter', 'https://h', '--ca-file', '/nowhere'], '--ca-file: cannot read /nowhere'],
    [
      ['.', '--prometheus', 'http://h', '--server-name', 'a'],
      '--server-name: of no effect with --prometheus',
    ],
  ])('refuses %j', async (words, message) => {
    const said = await fails(...words);
    expect(said).toContain(message);
    expect(said).not.toContain('hidden');
  });

  it.each([
    [[], '--adapter explains one metric'],
    [['--metric', 'a'], '--adapter explains one metric'],
    [['--for', 'services/shop/a'], '--for services/shop/a without --metric: CPU and memory are of'],
    [['--for', 'pods/shop/a', '--selector', 'a=b'], '--selector is of a metric'],
  ])('asks for what is to be explained: %j', async (words, message) => {
    const { exitCode, stderr } = await run('rules', 'explain', '--adapter', 'https://h', ...words);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message) as string]);
  });
});
