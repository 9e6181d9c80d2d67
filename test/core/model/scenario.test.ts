import { UsageError } from '../../../core/errors';
import {
  defineScenario,
  formatScenarioFile,
  parseScenarioFile,
  type ScenarioInput,
} from '../../../core/model';
import { TEST_CLUSTER } from '../../support/cluster';

const error = (input: ScenarioInput) => {
  try {
    defineScenario(input, 'scenario of test');
  } catch (caught) {
    return caught instanceof UsageError ? caught.message : `not a usage error: ${String(caught)}`;
  }
  return 'accepted';
};
const autoscaler = 'shop/web';

describe('a scenario', () => {
  it('fills in what is left out', () => {
    const scenario = defineScenario({ duration: '15m' }, 'test');
    expect(scenario).toMatchObject({
      seed: 1,
      noise: true,
      pods: { scheduling: '1s', start: '3s' },
      load: [],
      latency: '5ms',
      expect: [],
    });
  });

  it('survives being written and read', () => {
    const file = {
      ...defineScenario({ duration: '15m', expect: [{ autoscaler, replicasAt: { '10m': 5 } }] }, 'test'),
      cluster: TEST_CLUSTER,
      provided: ['provided'],
    };
    expect(parseScenarioFile(formatScenarioFile(file), 'scenario.yaml')).toEqual(file);
  });

  it.each<[string, ScenarioInput, string]>([
    [
      'a negative load',
      { duration: '1m', load: [{ generator: autoscaler, rate: -1 }] },
      'load.0.rate: a rate cannot be negative',
    ],
    ['a duration without unit', { duration: '15' }, 'duration: write a duration like 15s, 5m or 1m30s'],
    ['no time at all', { duration: '0s' }, 'duration: must be longer than zero'],
    [
      'bounds that exclude each other',
      { duration: '1m', expect: [{ autoscaler, neverAbove: 2, neverBelow: 3 }] },
      'expectation of shop/web: never above 2 and never below 3 cannot both hold',
    ],
    [
      'a size above the bound',
      { duration: '10m', expect: [{ autoscaler, neverAbove: 4, replicasAt: { '5m': 5 } }] },
      'expectation of shop/web: at 5m it wants 5, but never above 4',
    ],
    [
      'a size below the bound',
      { duration: '10m', expect: [{ autoscaler, neverBelow: 4, replicasAt: { '5m': 3 } }] },
      'expectation of shop/web: at 5m it wants 3, but never below 4',
    ],
    [
      'two sizes at one moment',
      {
        duration: '10m',
        expect: [
          { autoscaler, replicasAt: { '5m': 5 } },
          { autoscaler, replicasAt: { '300s': 6 } },
        ],
      },
      'expectation of shop/web: at 300s it wants both 5 and 6 replicas',
    ],
    [
      'a moment after the end',
      { duration: '1m', expect: [{ autoscaler, replicasAt: { '5m': 5 } }] },
      'expectation of shop/web: 5m is after the end of the rehearsal (1m)',
    ],
    [
      'an empty range',
      { duration: '5m', expect: [{ autoscaler, replicasAt: { '1m': { atLeast: 5, atMost: 3 } } }] },
      'expectation of shop/web: at 1m: at least 5 and at most 3 cannot both hold',
    ],
    [
      'a reversed interval',
      { duration: '5m', expect: [{ autoscaler, metricKnownBetween: ['90s', '70s'] }] },
      'expectation of shop/web: metricKnownBetween: 90s is after 70s',
    ],
    [
      'a reversed outage',
      { duration: '5m', outages: [{ workload: autoscaler, from: '2m', until: '1m' }] },
      'outage of shop/web: ends (1m) before it begins (2m)',
    ],
    ['answers in no time', { duration: '5m', latency: '0s' }, 'latency: must be longer than zero'],
    [
      'a workload that answers in no time',
      { duration: '5m', latencies: [{ workload: autoscaler, latency: '0s' }] },
      'latency of shop/web: must be longer than zero',
    ],
    [
      'a request to no port',
      { duration: '5m', requests: [{ at: '1m', to: 'shop/web' }] },
      'requests.0.to: write namespace/service:port',
    ],
    [
      'a request without path',
      { duration: '5m', requests: [{ at: '1m', to: 'shop/web:80', path: 'value' }] },
      'requests.0.path: a path begins with /',
    ],
    [
      'a run of a CronJob without namespace',
      { duration: '5m', runs: [{ at: '1m', cronJob: 'load' }] },
      'runs.0.cronJob: write namespace/name',
    ],
  ])('refuses %s', (_, input, message) => {
    expect(error(input)).toBe(`scenario of test: ${message}`);
  });

  it('refuses an unknown key and broken YAML, saying where', () => {
    expect(() => parseScenarioFile('duration: 1m\nspeed: 2\n', 's.yaml')).toThrow(/^s\.yaml: .*speed/);
    expect(() => parseScenarioFile('duration: [1m\n', 's.yaml')).toThrow(/^s\.yaml:2:1: /);
  });
});
