import { CONFIG, rulesFiles } from './rules-files';
import { run, runIn } from './run';

const { folder, config, series } = rulesFiles();

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
