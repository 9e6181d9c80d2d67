import { writeFileSync } from 'node:fs';
import { run, runIn } from './run';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();

/** Two pods under a load that asks for four, then for the same again. */
const SYNC = {
  at: 15,
  specReplicas: 2,
  statusReplicas: 2,
  selector: 'app=web',
  pods: ['web-0', 'web-1'].map((name) => ({
    name,
    phase: 'Running',
    ready: 'True',
    readySince: -100,
    startTime: -110,
    containers: [{ name: 'app', requests: { cpu: '250m' } }],
  })),
  metrics: { pods: { qps: { 'web-0': 20_000, 'web-1': 20_000 } } },
};
const RECORDING = {
  id: 'two syncs',
  kubernetes: '1.36',
  hpa: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    maxReplicas: 10,
    metrics: [
      {
        type: 'Pods',
        pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '10' } },
      },
    ],
  },
  syncs: [SYNC, { ...SYNC, at: 30, specReplicas: 4, statusReplicas: 4 }],
};
const OUTCOME = {
  desiredReplicas: 4,
  rescale: 4,
  conditions: [
    {
      type: 'AbleToScale',
      status: 'True',
      reason: 'SucceededRescale',
      message: 'the HPA controller was able to update the target scale to 4',
    },
    {
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message: 'the HPA was able to successfully calculate a replica count from pods metric qps',
    },
    {
      type: 'ScalingLimited',
      status: 'False',
      reason: 'DesiredWithinRange',
      message: 'the desired count is within the acceptable range',
    },
  ],
  currentMetrics: [{ type: 'Pods', pods: { metric: { name: 'qps' }, current: { averageValue: '20' } } }],
};

function lines(...recordings: readonly unknown[]): string {
  return recordings.map((recording) => `${JSON.stringify(recording)}\n`).join('');
}

function fileOf(...recordings: readonly unknown[]): string {
  const path = folder.path('recordings.jsonl');
  writeFileSync(path, lines(...recordings));
  return path;
}

async function replayed(...recordings: readonly unknown[]): Promise<unknown[]> {
  const { stdout } = await run('hpa', 'replay', fileOf(...recordings));
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('plimsoll hpa replay', () => {
  it('writes the same lines with the outcomes of the model, in the same order', async () => {
    const noted = { ...RECORDING, syncs: [SYNC, { ...RECORDING.syncs[1], note: 'kept' }] };
    const [first, second] = await replayed(noted, { ...RECORDING, id: 'another' });
    expect(first).toMatchObject({ ...RECORDING, syncs: [{ ...SYNC, outcome: OUTCOME }, { note: 'kept' }] });
    expect(second).toMatchObject({ id: 'another' });
  });

  it('ignores the outcomes that stand in the input', async () => {
    const told = { ...RECORDING, syncs: [{ ...SYNC, outcome: { desiredReplicas: 99 } }] };
    expect(await replayed(told)).toMatchObject([{ syncs: [{ outcome: OUTCOME }] }]);
  });

  it('has no conditions and no metrics before there are any', async () => {
    const { at, pods, metrics } = SYNC;
    const unread = { at, pods, metrics, scaleError: 'not found' };
    expect(await replayed({ ...RECORDING, syncs: [unread] })).toMatchObject([
      { syncs: [{ outcome: { desiredReplicas: 0, currentMetrics: null } }] },
    ]);
  });

  it('reads the standard input however it is cut into pieces, with or without a last newline', async () => {
    const bytes = Buffer.from(lines({ ...RECORDING, id: 'ünïcode ☃' }, RECORDING).trimEnd());
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
      bytes.subarray(index * 7, index * 7 + 7),
    );
    const { exitCode, stdout } = await runIn({ stdin: pieces }, 'hpa', 'replay', '-');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => /"id":"[^"]*"/.exec(line)?.[0])).toEqual([
      '"id":"ünïcode ☃"',
      '"id":"two syncs"',
      undefined,
    ]);
  });

  it('takes a feature gate that is null for one that is not set', async () => {
    const gates = { HPAScaleToZero: null };
    expect(await replayed({ ...RECORDING, featureGates: gates })).toMatchObject([
      { syncs: [{ outcome: OUTCOME }, {}] },
    ]);
  });

  it('passes over blank lines', async () => {
    const { exitCode, stdout } = await runIn({ stdin: ['\n', lines(RECORDING), ' \n'] }, 'hpa', 'replay');
    expect({ exitCode, lines: stdout.trim().split('\n').length }).toEqual({ exitCode: 0, lines: 1 });
  });

  it.each<readonly [what: string, line: unknown, problem: string]>([
    ['a misspelt kind of value', { ...RECORDING, id: 7 }, 'id: expected string, received number'],
    ['no spec', { ...RECORDING, hpa: undefined }, 'hpa: is missing'],
    [
      'a spec that the API server refuses',
      { ...RECORDING, hpa: { ...RECORDING.hpa, minReplicas: 20 } },
      'hpa: spec.maxReplicas: Invalid value: 10: must be greater than or equal to `minReplicas`',
    ],
    [
      'an edit that the API server refuses',
      { ...RECORDING, syncs: [{ ...SYNC, spec: { ...RECORDING.hpa, maxReplicas: -1 } }] },
      'syncs.0.spec: spec.maxReplicas: Invalid value: -1',
    ],
    [
      'a phase that pods do not have',
      { ...RECORDING, syncs: [{ ...SYNC, pods: [{ name: 'web-0', phase: 'Asleep' }] }] },
      'syncs.0.pods.0.phase: Invalid option',
    ],
    [
      'two pods of one name',
      { ...RECORDING, syncs: [{ ...SYNC, pods: [SYNC.pods[0], SYNC.pods[0]] }] },
      'syncs.0.pods.1.name: there are two pods web-0',
    ],
    [
      'a request that is no quantity',
      {
        ...RECORDING,
        syncs: [
          { ...SYNC, pods: [{ ...SYNC.pods[0], containers: [{ name: 'a', requests: { cpu: '1x' } }] }] },
        ],
      },
      'syncs.0.pods.0.containers.0.requests.cpu: invalid quantity "1x"',
    ],
    [
      'a value that is not a whole number',
      { ...RECORDING, syncs: [{ ...SYNC, metrics: { pods: { qps: { 'web-0': 0.5 } } } }] },
      'syncs.0.metrics.pods.qps.web-0: expected int',
    ],
    [
      'a sync before the one before it',
      { ...RECORDING, syncs: [SYNC, { ...SYNC, at: 14 }] },
      'syncs.1.at: 14 lies before the sync before it',
    ],
    [
      'a scale without replicas',
      { ...RECORDING, syncs: [{ ...SYNC, specReplicas: undefined }] },
      'syncs.0.specReplicas: is missing',
    ],
    [
      'a metric without a value',
      {
        ...RECORDING,
        hpa: {
          ...RECORDING.hpa,
          metrics: [
            {
              type: 'External',
              external: { metric: { name: 'lag' }, target: { type: 'Value', value: '1' } },
            },
          ],
        },
      },
      'syncs.0.metrics.external.lag: is missing, and metrics.errors does not name it either',
    ],
    [
      'a version that was never compared',
      { ...RECORDING, kubernetes: '1.38' },
      'not supported: HPA controller of Kubernetes 1.38',
    ],
    ['no syncs at all', { ...RECORDING, syncs: undefined }, 'syncs: is missing'],
    [
      'a version in other digits',
      { ...RECORDING, kubernetes: '1.036' },
      'not supported: Kubernetes "1.036": write a minor',
    ],
    [
      'a version that is none',
      { ...RECORDING, kubernetes: 'new' },
      'not supported: Kubernetes "new": write a minor',
    ],
  ])('refuses %s, with the number of the line', async (_what, line, problem) => {
    const path = fileOf(RECORDING, line);
    const { exitCode, stdout, stderr } = await run('hpa', 'replay', path);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`plimsoll: ${path}: line 2: ${problem}`);
    // What was good before stays.
    expect(stdout.split('\n')).toHaveLength(2);
  });

  it.each([
    ['a line that is not JSON', '{"id":\n', 'is not JSON'],
    ['a line that is not an object', '7\n', 'expected object, received number'],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x0a), 'is not UTF-8 text'],
    ['what only looks blank', '\u00a0\n', 'is not JSON'],
    [
      'JSON without an end',
      `{"id":"x","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`,
      'kubernetes: is missing',
    ],
    [
      'what JSON could not be written of',
      lines(RECORDING).replace('"id"', `"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},"id"`),
      'is nested too deeply',
    ],
    [
      'a name that gets lost in JavaScript',
      lines(RECORDING).replace('"qps":', '"__proto__":1,"qps":'),
      'not supported: the key __proto__',
    ],
  ])('refuses %s', async (_what, line, problem) => {
    const { exitCode, stderr } = await runIn({ stdin: ['\n', line] }, 'hpa', 'replay');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`plimsoll: standard input: line 2: ${problem}`);
  });

  it('says which file cannot be read', async () => {
    const { exitCode, stderr } = await run('hpa', 'replay', folder.path('nowhere.jsonl'));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^plimsoll: .*nowhere\.jsonl: cannot be read: .*ENOENT/);
  });

  it('passes over keys that it does not know, and says so once', async () => {
    const misspelt = { ...SYNC, pods: SYNC.pods.map((pod) => ({ ...pod, deletting: true })) };
    const { exitCode, stderr } = await run(
      'hpa',
      'replay',
      fileOf({ ...RECORDING, syncs: [misspelt, { ...misspelt, at: 30 }] }),
    );
    expect(exitCode).toBe(0);
    expect(stderr.match(/deletting/g)).toHaveLength(1);
    expect(stderr).toContain('syncs.0.pods.0.deletting is not a key of a recording');
  });

  it('models other versions with the nearest rules if it may, and says so', async () => {
    const path = fileOf({ ...RECORDING, kubernetes: '1.38' }, { ...RECORDING, kubernetes: '1.38' });
    const { exitCode, stdout, stderr } = await run('hpa', 'replay', '--unproven', path);
    expect({ exitCode, lines: stdout.trim().split('\n').length }).toEqual({ exitCode: 0, lines: 2 });
    expect(stderr).toBe(
      `plimsoll: ${path}: line 1: the HPA model was never compared with the controller of Kubernetes 1.38: ` +
        'the rules of 1.37 stand in\n',
    );
  });

  it('tells people in words', async () => {
    const { stdout } = await run('hpa', 'replay', '--text', fileOf(RECORDING));
    expect(stdout).toMatchInlineSnapshot(`
     "two syncs (Kubernetes 1.36, Deployment web, 1 to 10 replicas)
       15s  2 → 4  pods metric qps 20 of 10 asks for 4; pods metric qps above target
       30s  4      pods metric qps 20 of 10 asks for 4

     "
    `);
  });
});

describe('plimsoll hpa compare', () => {
  const [first, second] = RECORDING.syncs;
  const recorded = { ...RECORDING, syncs: [{ ...first, outcome: OUTCOME }] };

  it('finds nothing where recording and model agree, whatever form quantities have', async () => {
    const metrics = OUTCOME.currentMetrics.map((metric) => ({
      ...metric,
      pods: { ...metric.pods, current: { averageValue: '20000m' } },
    }));
    const other = { ...recorded, syncs: [{ ...first, outcome: { ...OUTCOME, currentMetrics: metrics } }] };
    const { exitCode, stdout } = await run('hpa', 'compare', fileOf(recorded, other));
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '2 recordings, 2 syncs: 0 differ\n' });
  });

  it('shows the first difference with both sides and what led there', async () => {
    const outcome = { ...OUTCOME, conditions: OUTCOME.conditions.slice(1) };
    const path = fileOf({ ...RECORDING, syncs: [{ ...first, outcome }, second] });
    const { exitCode, stdout } = await run('hpa', 'compare', path);
    expect(exitCode).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
     "two syncs (Kubernetes 1.36, Deployment web, 1 to 10 replicas)
       15s  2 → 4  pods metric qps 20 of 10 asks for 4; pods metric qps above target
       differs in conditions[AbleToScale] (sync 0, at 15s)
         recorded: nothing
         model:    {"type":"AbleToScale","status":"True","reason":"SucceededRescale","message":"the HPA
                   controller was able to update the target scale to 4"}

     1 recordings, 2 syncs: 1 differ
     "
    `);
  });

  it.each([
    ['desiredReplicas', { desiredReplicas: 5 }, 5, 4],
    ['rescale', { rescale: undefined }, undefined, 4],
    [
      'conditions[AbleToScale].reason',
      { conditions: [{ ...OUTCOME.conditions[0], reason: 'Other' }, ...OUTCOME.conditions.slice(1)] },
      'Other',
      'SucceededRescale',
    ],
    ['currentMetrics[0].type', { currentMetrics: [{ type: '' }] }, '', 'Pods'],
    ['constructor', { constructor: 1 }, 1, undefined],
  ])('names the field %s for programs', async (field, change, theirs, own) => {
    const path = fileOf({ ...RECORDING, syncs: [{ ...first, outcome: { ...OUTCOME, ...change } }] });
    const { exitCode, stdout } = await run('hpa', 'compare', '--json', path);
    const [difference, totals] = stdout.split('\n').map((line): unknown => line && JSON.parse(line));
    expect(exitCode).toBe(1);
    expect(difference).toEqual({
      id: 'two syncs',
      sync: 0,
      field,
      own,
      ...(theirs === undefined ? {} : { recorded: theirs }),
    });
    expect(totals).toEqual({ recordings: 1, syncs: 1, differing: 1 });
  });

  it('says when an outcome is none at all', async () => {
    const path = fileOf({ ...RECORDING, syncs: [{ ...first, outcome: [4] }] });
    const { exitCode, stdout } = await run('hpa', 'compare', '--json', path);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ field: 'outcome', recorded: [4] });
  });

  it('compares events and counters where they were recorded', async () => {
    const events = [
      {
        type: 'Normal',
        reason: 'SuccessfulRescale',
        message: 'New size: 4; reason: pods metric qps above target',
      },
    ];
    const counters = {
      'metric_computation_total{action="scale_up",error="none",metric_type="Pods"}': 1,
      'reconciliations_total{action="scale_up",error="none"}': 1,
    };
    const full = { ...RECORDING, syncs: [{ ...first, outcome: OUTCOME, events }], counters };
    expect(await run('hpa', 'compare', fileOf(full))).toMatchObject({ exitCode: 0 });
    const silent = { ...full, syncs: [{ ...first, outcome: OUTCOME, events: [] }] };
    const { stdout } = await run('hpa', 'compare', fileOf(silent));
    expect(stdout).toContain('differs in events[0]');
    const uncounted = { ...full, counters: {} };
    expect((await run('hpa', 'compare', fileOf(uncounted))).stdout).toContain('over all syncs');
  });

  it('refuses a recording without outcomes', async () => {
    const { exitCode, stderr } = await run('hpa', 'compare', fileOf(RECORDING));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('line 1: syncs.0.outcome: is missing, so there is nothing to compare with');
    const empty = { ...RECORDING, syncs: [{ ...first, outcome: null }] };
    expect((await run('hpa', 'compare', fileOf(empty))).stderr).toContain('syncs.0.outcome: is missing');
  });
});
