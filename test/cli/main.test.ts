import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { rehearse, type RehearsalInput } from '../../rehearsal';
import { stacks } from '../../stacks';
import { broken, settled } from '../report/fixture';
import { run, runWith } from './run';
import { temporaryFolder } from './temporary-folder';

jest.mock('../../rehearsal');
const rehearsed = jest.mocked(rehearse);
const folder = temporaryFolder();
const output = (): string => folder.path('dist');

beforeEach(() => {
  rehearsed.mockReset();
  rehearsed.mockImplementation(({ name }) => ({ ...settled, name }));
});

function lastInput(): RehearsalInput {
  const input = rehearsed.mock.lastCall?.[0];
  if (!input) throw new Error('nothing was rehearsed');
  return { ...input, onProgress: undefined };
}

describe('plimsoll', () => {
  it.each([[], ['list'], ['synth'], ['check'], ['rehearse']])('helps: %s --help', async (...command) => {
    const { exitCode, stdout, stderr } = await run(...command, '--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });

  it.each([
    [['bogus'], "unknown command 'bogus'"],
    [['synth'], "missing required argument 'stack'"],
    [['rehearse', 'kind', '--fast'], "unknown option '--fast'"],
    [['synth', 'knid'], 'unknown stack "knid": there is kind'],
    [['synth', 'kind', '--set', 'target3=1'], 'unknown option "target3" of stack kind'],
    [['check'], 'name a stack, or --manifests DIR'],
    [['check', 'kind', '--manifests', 'x'], 'name a stack, or --manifests and --scenario; not both'],
    [['check', '--manifests', 'x', '--set', 'a=b'], '--set changes options of a stack: name one'],
    [['check', '--manifests', '/nowhere'], '/nowhere: no such file or folder'],
    [['rehearse', 'kind', '--seed', 'x'], '--seed: write a whole number'],
    [['rehearse', 'kind', '--load', 'load-test-1=-3'], 'with a rate of 0 or more'],
    [['rehearse', 'kind', '--seed', ''], '--seed: write a whole number'],
    [['rehearse', 'kind', '--until', '15'], '--until: write a duration like 15s, 5m or 1m30s'],
    [['rehearse', 'kind', '--until', '-5m'], '--until: write a duration'],
    [['rehearse', 'kind', '--output', ''], '--output: name a folder'],
    [['rehearse', '--all', 'kind'], '--all rehearses every stack as it is'],
    [['rehearse', '--all', '--set', 'max=3'], '--all rehearses every stack as it is'],
    [['rehearse', '--all', '--no-noise'], '--all rehearses every stack as it is'],
  ])('refuses %j with one clear message', async (words, message) => {
    const { exitCode, stdout, stderr } = await run(...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('shows where an error arose when it is asked to', async () => {
    const { stderr } = await runWith({ PLIMSOLL_DEBUG: '1' }, 'synth', 'knid');
    expect(stderr).toMatch(/unknown stack "knid".*\n +at /);
  });

  it('admits an unexpected error', async () => {
    rehearsed.mockImplementation(() => {
      throw new TypeError('x is not a function');
    });
    const { exitCode, stderr } = await run('rehearse', 'kind', '--output', output());
    expect(exitCode).toBe(2);
    expect(stderr).toBe('plimsoll: unexpected error: x is not a function (PLIMSOLL_DEBUG=1 shows where)\n');
  });
});

describe('plimsoll list', () => {
  it('shows each stack with its options, as text and as JSON', async () => {
    const { exitCode, stdout } = await run('list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^kind: /);
    expect(stdout).toMatch(/^ {2}target2 +\S.* \(default 10\)$/m);
    const entries = z
      .array(z.object({ name: z.string(), options: z.array(z.object({ name: z.string() })) }))
      .parse(JSON.parse((await run('list', '--json')).stdout));
    expect(entries.map(({ name }) => name)).toEqual(stacks.map(({ name }) => name));
    for (const option of entries.flatMap((entry) => entry.options))
      expect(stdout).toContain(`\n  ${option.name} `);
  });
});

describe('plimsoll synth', () => {
  it('writes the files of the stack and lists them', async () => {
    const { exitCode, stdout } = await run('synth', 'kind', '--output', output());
    expect(exitCode).toBe(0);
    const paths = stdout.trimEnd().split('\n');
    expect(paths).toContain(folder.path('dist/manifests/kind/00-namespaces.yaml'));
    expect(paths).toContain(folder.path('dist/kind/install.sh'));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('takes options of the stack', async () => {
    await run('synth', 'kind', '--output', output(), '--set', 'target2=20', '--set', 'kubernetes=1.36.4');
    expect(readFileSync(folder.path('dist/kind/kind.yaml'), 'utf8')).toContain('kindest/node:v1.36.4');
    expect(readFileSync(folder.path('dist/manifests/kind/05-autoscaling.yaml'), 'utf8')).toContain(
      'averageValue: "20"',
    );
  });

  it('keeps what was good when it fails', async () => {
    await run('synth', 'kind', '--output', output());
    const before = readdirSync(output(), { recursive: true });
    expect((await run('synth', 'kind', '--output', output(), '--set', 'load1=-1')).exitCode).toBe(2);
    expect(readdirSync(output(), { recursive: true })).toEqual(before);
  });
});

describe('plimsoll check', () => {
  it('finds nothing broken in the stack', async () => {
    const { exitCode, stderr } = await run('check', 'kind');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('finds the same in the written files as in the stack', async () => {
    await run('synth', 'kind', '--output', output());
    const written = [
      '--manifests',
      folder.path('dist/manifests/kind'),
      '--scenario',
      folder.path('dist/kind/scenario.yaml'),
    ];
    const identity = z.array(z.object({ check: z.string(), message: z.string() }));
    const found = async (...words: readonly string[]) =>
      identity.parse(JSON.parse((await run('check', ...words, '--json')).stdout));
    const ofStack = await found('kind');
    expect(await found(...written)).toEqual(ofStack);
    // Once more what is read already.
    const again = [folder.path('dist/kind/provided'), folder.path('dist/manifests/../manifests/kind')];
    expect(await found(...written, ...again.flatMap((path) => ['--manifests', path]))).toEqual(ofStack);
  });

  it('ends with 1 when a link is broken', async () => {
    folder.write(
      'hpa.yaml',
      `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: nobody}
  maxReplicas: 3
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
`,
    );
    const { exitCode, stdout } = await run('check', '--manifests', folder.path());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^error HorizontalPodAutoscaler shop\/web/m);
  });
});

describe('input that nobody can read', () => {
  beforeEach(() => run('synth', 'kind', '--output', output()));

  it.each([
    ['03-adapter.yaml', 'seriesQuery:', 'seriesQuerry:', 'ConfigMap custom-metrics/', 'unknown field'],
    ['05-autoscaling.yaml', '"25"', '25x', 'HorizontalPodAutoscaler backend/backend-1', 'invalid quantity'],
    ['04-workload.yaml', 'port: 8080', 'port: none', 'Service backend/backend-1', 'spec.ports.0.port'],
  ])('ends check and rehearsal with 2: %s with %s for %s', async (file, right, wrong, object, reason) => {
    const path = `dist/manifests/kind/${file}`;
    const text = readFileSync(folder.path(path), 'utf8');
    expect(text).toContain(right);
    folder.write(path, text.replace(right, wrong));
    const from = ['--manifests', folder.path('dist/manifests/kind')];
    const scenario = ['--scenario', folder.path('dist/kind/scenario.yaml')];
    const checked = await run('check', ...from, ...scenario);
    const played = await run('rehearse', ...from, ...scenario, '--output', output());
    expect([checked.exitCode, played.exitCode]).toEqual([2, 2]);
    expect(played.stdout).toBe('');
    for (const said of [checked.stdout, played.stderr]) {
      expect(said).toContain(`error ${object}`);
      expect(said).toContain(reason);
    }
    expect(rehearsed).not.toHaveBeenCalled();
  });
});

describe('plimsoll rehearse', () => {
  it('prints the report, writes it as JSON and as a page, and ends with 0 when all is met', async () => {
    const { exitCode, stdout, stderr } = await run('rehearse', 'kind', '--output', output());
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Every link of the chain holds\.\n\nRehearsal of kind/);
    expect(stdout).toContain('2 of 2 expectations met');
    expect(stdout).toContain(
      `Written: ${folder.path('dist/kind/rehearsal.json')}, ${folder.path('dist/kind/rehearsal.html')}`,
    );
    expect(JSON.parse(readFileSync(folder.path('dist/kind/rehearsal.json'), 'utf8'))).toMatchObject({
      met: true,
    });
    expect(readFileSync(folder.path('dist/kind/rehearsal.html'), 'utf8')).toContain(
      '<title>Rehearsal of kind</title>',
    );
  });

  it('takes a Kubernetes version that nothing proves only if told to', async () => {
    await run('rehearse', 'kind', '--output', output());
    expect(lastInput().unproven).toBe(false);
    await run('rehearse', 'kind', '--output', output(), '--unproven');
    expect(lastInput().unproven).toBe(true);
  });

  it('ends with 1 when an expectation is missed', async () => {
    rehearsed.mockReturnValue(broken);
    expect((await run('rehearse', 'kind', '--output', output())).exitCode).toBe(1);
  });

  it('prints nothing but JSON with --json', async () => {
    const { stdout } = await run('rehearse', 'kind', '--output', output(), '--json');
    expect(JSON.parse(stdout)).toEqual({ met: true, ...settled });
  });

  it.each([
    ['kind', []],
    [
      'kind',
      ['--until', '30m', '--load', 'load-test-1=80', '--seed', '7', '--no-noise', '--set', 'target2=20'],
    ],
    ['bare-metal', []],
    ['aks', []],
    ['minikube', []],
    ['eks-fargate', []],
  ])('plays the same from the files it wrote for %s (%j)', async (stack, options) => {
    await run('rehearse', stack, '--output', output(), ...options);
    const ofStack = lastInput();
    const manifests = folder.path(`dist/manifests/${stack}`);
    const scenario = folder.path(`dist/${stack}/scenario.yaml`);
    await run('rehearse', '--manifests', manifests, '--scenario', scenario, '--output', folder.path('other'));
    expect(lastInput()).toEqual(ofStack);
  });

  it('hands its options to the rehearsal', async () => {
    await run(
      'rehearse',
      'kind',
      '--output',
      output(),
      '--seed',
      '7',
      '--no-noise',
      '--load',
      'load-test-1=80',
    );
    expect(lastInput().scenario).toMatchObject({
      seed: 7,
      noise: false,
      load: [{ generator: 'load-test/load-test-1', at: '0s', rate: 80 }],
    });
  });

  it('says which expectations lie after an earlier end', async () => {
    const { stderr } = await run('rehearse', 'kind', '--output', output(), '--until', '5m');
    expect(stderr).toContain('not judged, it is after the end: backend/backend-1 at 10m');
  });

  it('needs a scenario for manifests from elsewhere', async () => {
    folder.write('one.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: one}\n');
    const { exitCode, stderr } = await run('rehearse', '--manifests', folder.path());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--manifests needs --scenario FILE');
  });

  it('shows broken links, plays on, and ends with 1', async () => {
    await run('synth', 'kind', '--output', output());
    const manifests = folder.path('dist/manifests/kind');
    const workload = folder.path('dist/manifests/kind/04-workload.yaml');
    folder.write(
      'dist/manifests/kind/04-workload.yaml',
      readFileSync(workload, 'utf8').replaceAll('name: backend-1\n', 'name: backend-one\n'),
    );
    const scenario = folder.path('dist/kind/scenario.yaml');
    const { exitCode, stdout, stderr } = await run(
      'rehearse',
      '--manifests',
      manifests,
      '--scenario',
      scenario,
      '--output',
      output(),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error HorizontalPodAutoscaler backend/backend-1');
    expect(stdout).toContain('2 of 2 expectations met');
  });

  it('colours a terminal, unless NO_COLOR is set', async () => {
    const words = ['rehearse', 'kind', '--output', output()];
    expect((await runWith({ TTY: '1' }, ...words)).stdout).toContain('\u001b[');
    expect((await runWith({ TTY: '1', NO_COLOR: '1' }, ...words)).stdout).not.toContain('\u001b[');
  });
});

describe('plimsoll rehearse --all', () => {
  const names = stacks.map(({ name }) => name);
  const summaries = z.array(z.object({ name: z.string(), brokenLinks: z.number() }));

  it('plays every stack, prints a line each and the charts of the first, and writes what each one writes', async () => {
    const { exitCode, stdout, stderr } = await run('rehearse', '--all', '--output', output());
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(rehearsed.mock.calls.map(([{ name }]) => name)).toEqual(names);
    for (const name of names) {
      expect(stdout).toMatch(new RegExp(`^✓ ${name} +.* expectations met$`, 'm'));
      expect(existsSync(folder.path(`dist/${name}/rehearsal.html`))).toBe(true);
      expect(existsSync(folder.path(`dist/${name}/install.sh`))).toBe(true);
    }
    expect(stdout).toContain(`\n${names[0]}: backend/backend-1\n`);
  });

  it('ends with 1 when one of them misses an expectation', async () => {
    rehearsed.mockImplementation(({ name }) => ({ ...(name === names.at(-1) ? broken : settled), name }));
    const { exitCode, stdout } = await run('rehearse', '--all', '--output', output());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^✗ ${names.at(-1)} `, 'm'));
  });

  it('gives a program a summary of each', async () => {
    const { stdout } = await run('rehearse', '--all', '--json', '--output', output());
    expect(summaries.parse(JSON.parse(stdout))).toEqual(names.map((name) => ({ name, brokenLinks: 0 })));
  });
});
