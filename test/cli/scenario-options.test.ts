import { chooseScenario, type ScenarioOptions } from '../../cli/scenario-options';
import { parseObject } from '../../core/kube/object';
import { defineScenario, type ScenarioInput } from '../../core/model';

const workload = (namespace: string, name: string) =>
  parseObject({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name } }, 'fixture');
const objects = [workload('load-test', 'load-1'), workload('load-test', 'twin'), workload('other', 'twin')];
const choose = (input: Partial<ScenarioInput>, options: Partial<ScenarioOptions>) =>
  chooseScenario(
    defineScenario({ duration: '15m', ...input }, 'fixture'),
    { load: [], noise: true, ...options },
    objects,
  );

describe('what the command line changes about a scenario', () => {
  it('is nothing by default', () => {
    const input = { noise: false, seed: 7, expect: [{ autoscaler: 'a/b', replicasAt: { '10m': 2 } }] };
    expect(choose(input, {})).toEqual({
      scenario: defineScenario({ duration: '15m', ...input }, 'fixture'),
      dropped: [],
    });
  });

  it('is duration, seed and noise', () => {
    const { scenario } = choose({}, { until: '30m', seed: 5, noise: false });
    expect(scenario).toMatchObject({ duration: '30m', seed: 5, noise: false });
  });

  it('is the load of a generator from the start, instead of what the scenario had for it', () => {
    const load = [
      { generator: 'load-test/load-1', at: '5m', rate: 10 },
      { generator: 'other/twin', at: '5m', rate: 10 },
    ];
    expect(choose({ load }, { load: ['load-1=80', 'load-test/twin=0.5'] }).scenario.load).toEqual([
      { generator: 'other/twin', at: '5m', rate: 10 },
      { generator: 'load-test/load-1', at: '0s', rate: 80 },
      { generator: 'load-test/twin', at: '0s', rate: 0.5 },
    ]);
  });

  it('drops what is expected after an earlier end, and says so', () => {
    const expectation = {
      autoscaler: 'a/b',
      replicasAt: { '2m': 1, '10m': 5 },
      neverAbove: 6,
      metricUnknownAt: ['30s', '14m'],
      metricKnownBetween: ['1m', '6m'] satisfies [string, string],
    };
    const { scenario, dropped } = choose({ expect: [expectation] }, { until: '5m' });
    expect(scenario.expect).toEqual([
      { autoscaler: 'a/b', replicasAt: { '2m': 1 }, neverAbove: 6, metricUnknownAt: ['30s'] },
    ]);
    expect(dropped).toEqual(['a/b at 10m', 'a/b at 14m', 'a/b at 6m']);
  });

  it.each([
    ['load-1=-1', '--load load-1=-1: write NAME=RATE with a rate of 0 or more requests a second'],
    ['load-1', '--load load-1: write NAME=RATE'],
    ['load-1=fast', '--load load-1=fast: write NAME=RATE'],
    [
      'nobody=1',
      '--load nobody: there is no such workload; there is load-test/load-1, load-test/twin, other/twin',
    ],
    ['twin=1', '--load twin: several workloads have this name, write one of load-test/twin, other/twin'],
  ])('refuses --load %s', (load, message) => {
    expect(() => choose({}, { load: [load] })).toThrow(message);
  });

  it('refuses a duration that is none', () => {
    expect(() => choose({}, { until: 'soon' })).toThrow('invalid duration "soon"');
    expect(() => choose({}, { until: '0s' })).toThrow('duration: must be longer than zero');
  });
});
