import { App } from '../../constructs';
import { hey, type HeyOptions } from '../../constructs/hey';
import { LoadRun } from '../../constructs/load-run';
import { UsageError } from '../../core/errors';
import { programFor } from '../../core/workloads';
import { podMakers } from '../../core/chain';
import { checkObjects } from '../../core/check';
import { inventory, only, render } from './render';

const app = new App({ namespace: 'load', name: 'burst' });
const words = hey({ url: 'http://cart.shop.svc:8080/', requests: 45_000, workers: 10, perWorker: 25 });

function filled(image: string, replacesEntrypoint?: true) {
  return (chart: Parameters<Parameters<typeof render>[0]>[0]): void => {
    new LoadRun(chart, 'run', { app, image, words, ...(replacesEntrypoint ? { replacesEntrypoint } : {}) });
  };
}

const fill = filled('plimsoll/load-test:1.0.0');

describe('a load test on demand', () => {
  it('is a CronJob that does nothing by itself, and whose Jobs run once', () => {
    const { metadata, spec } = only(inventory(fill).cronJobs);
    expect(metadata).toMatchObject({ name: 'burst', namespace: 'load' });
    expect(spec).toMatchObject({
      suspend: true,
      startingDeadlineSeconds: 60,
      concurrencyPolicy: 'Forbid',
      schedule: '0 0 1 1 *',
    });
    expect(spec.jobTemplate.spec).toMatchObject({
      backoffLimit: 0,
      ttlSecondsAfterFinished: 3600,
      template: {
        metadata: { labels: app.podLabels },
        spec: { restartPolicy: 'Never', automountServiceAccountToken: false },
      },
    });
  });

  it.each([
    ["through the entrypoint of the project's image", fill, { args: words }],
    [
      'in place of another entrypoint',
      filled('ghcr.io/fluxcd/flagger-loadtester:0.38.0', true),
      { command: ['hey'], args: words.slice(1) },
    ],
  ])('sends what its words say, %s', (_way, start, expected) => {
    const objects = inventory(start);
    const workload = only(podMakers(objects));
    const container = only(workload.spec.template.spec.containers);
    const { command, args } = container;
    expect({ ...(command ? { command } : {}), args }).toEqual(expected);
    expect(programFor({ workload, container, inventory: objects }, []).calls).toMatchObject([
      { namespace: 'shop', service: 'cart', port: 8080, total: 45_000, pace: { senders: 10, everyMs: 40 } },
    ]);
  });

  it('stays within the restricted level', () => {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'load', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    };
    const objects = [namespace, ...render(fill)].map((object) => ({ object, origin: {} }));
    const findings = checkObjects(objects).filter(({ check }) => check === 'pod-security-violation');
    expect(findings).toEqual([]);
  });
});

describe('the words that start hey', () => {
  const url = 'http://web/';

  it.each<[HeyOptions, string]>([
    [{ url, workers: 2, requests: 200 }, 'hey -n 200 -c 2 http://web/'],
    [
      { url, workers: 5, duration: '10m', perWorker: 5, keepAlive: false },
      'hey -z 10m -c 5 -q 5 -disable-keepalive http://web/',
    ],
    [
      { url, workers: 1, duration: '1m', method: 'POST', body: 'test', keepAlive: true },
      'hey -z 1m -c 1 -m POST -d test http://web/',
    ],
  ])('of %j', (options, expected) => {
    expect(hey(options).join(' ')).toBe(expected);
  });

  it.each([
    [5, 10],
    [200, 3],
  ])('are refused for %d requests of %d workers', (requests, workers) => {
    const make = () => hey({ url, requests, workers });
    expect(make).toThrow(UsageError);
    expect(make).toThrow(`choose a multiple of ${workers}`);
  });
});
