import { join } from 'node:path';
import { z } from 'zod';
import { startOurAdapter } from './adapters';
import type { AggregatedServer } from './aggregated-server';
import { CUSTOM_METRICS, EXTERNAL_METRICS, until } from './aggregation';
import type { ControlPlane } from './control-plane';
import type { Exporter } from './exporter';
import {
  ALL_REQUESTS,
  CONFIG,
  CUSTOM,
  EXTERNAL,
  FaultScene,
  GOOD_RULE,
  NEVER,
  QUEUE,
  REQUESTS,
  RULES,
  metric,
  replace,
  unavailable,
  value,
  vector,
} from './fault-scene';
import { type Fault, FaultyPrometheus } from './faulty-prometheus';
import type { Prometheus } from './prometheus';

const APISERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const apiServiceShape = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

let scene: FaultScene;
let plane: ControlPlane;
let exporter: Exporter;
let prometheus: Prometheus;

beforeAll(async () => {
  scene = await FaultScene.start();
  ({ plane, exporter, prometheus } = scene);
});

afterEach(async () => {
  await scene?.stopStarted();
});

afterAll(async () => {
  await scene?.stop();
});

describe('Prometheus', () => {
  test('killed: values say so and when to ask again, all else stays as it was, and it is over when it is back', async () => {
    // Samples of the last minute: at first it has none of the last second when it is back.
    const flags = ['--metrics-relist-interval=1s', '--metrics-max-age=1m'];
    const adapter = await scene.adapter(prometheus, { flags });
    await adapter.discovered();
    await adapter.discovered(EXTERNAL_METRICS);
    await adapter.register(CUSTOM_METRICS, EXTERNAL_METRICS);
    const documents = async () => [
      (await plane.request(CUSTOM)).text,
      (await plane.request(EXTERNAL)).text,
      (await adapter.direct('/apis')).text,
      (await adapter.direct('/openapi/v2')).text,
    ];
    const before = await documents();
    expect(await value(adapter, REQUESTS)).toBe('25');
    await prometheus.kill();
    try {
      for (const path of [REQUESTS, ALL_REQUESTS, QUEUE]) unavailable(await adapter.direct(path));
      unavailable(await plane.request(REQUESTS));
      await until('the listing fails too', async () => (await metric(adapter, 'discovery_errors_total')) > 1);
      expect(await documents()).toEqual(before);
      // A check that kube-apiserver had no time for may be followed by one that it has.
      for (const name of ['v1beta1.custom.metrics.k8s.io', 'v1beta1.external.metrics.k8s.io'])
        await until(`${name} is available`, () => available(name));
      const ready = await adapter.direct('/readyz?verbose');
      expect([ready.status, ready.text]).toEqual([200, expect.stringMatching(/^\[!\]source failed: /m)]);
      expect((await adapter.direct('/readyz/source')).text).toContain('ECONNREFUSED');
      expect(await metric(adapter, 'source_up')).toBe(0);
    } finally {
      await prometheus.revive();
    }
    await until('values are back', async () => (await adapter.direct(REQUESTS)).status === 200);
    await until('readiness says so', async () => {
      return (await adapter.direct('/readyz?verbose')).text.includes('[+]source ok');
    });
    expect(await metric(adapter, 'source_up')).toBe(1);
    expect(await documents()).toEqual(before);
  });

  test('frozen: a request gets its answer in time, and those behind it at once', async () => {
    const adapter = await scene.adapter(prometheus, { flags: ['--prometheus-timeout=3s', NEVER] });
    expect(await value(adapter, QUEUE)).toBe('7');
    prometheus.signal('SIGSTOP');
    try {
      unavailable(await adapter.direct(QUEUE));
      await until('it is not asked any more', async () => {
        const began = performance.now();
        unavailable(await adapter.direct(QUEUE));
        return performance.now() - began < 500;
      });
    } finally {
      prometheus.signal('SIGCONT');
    }
    await until('it is asked again', async () => (await adapter.direct(QUEUE)).status === 200);
  });

  test('down at the start: all is served but values, and these as soon as it is up', async () => {
    await prometheus.kill();
    let adapter: AggregatedServer;
    try {
      adapter = await scene.adapter(prometheus, { flags: [NEVER] });
      expect((await adapter.direct('/readyz')).status).toBe(200);
      await adapter.register(CUSTOM_METRICS);
      unavailable(await adapter.direct(QUEUE));
      unavailable(await adapter.direct(REQUESTS));
      await until('readiness tells of the listing', async () => {
        return (await adapter.direct('/readyz/series')).text.includes('ECONNREFUSED');
      });
    } finally {
      await prometheus.revive();
    }
    await until('the named metrics have values', async () => {
      const replies = [await adapter.direct(QUEUE), await adapter.direct(REQUESTS)];
      return replies.every(({ status }) => status === 200);
    });
    await adapter.discovered();
  });

  test('down when a listing finds it so: it is listed soon after, not an interval later', async () => {
    const faulty = await scene.faultyPrometheus();
    faulty.fault = refuse;
    const adapter = await scene.adapter(faulty, { flags: [NEVER] });
    expect((await adapter.direct(CUSTOM)).text).not.toContain('http_requests');
    faulty.fault = () => false;
    await adapter.discovered();
  });

  describe('that answers wrongly', () => {
    let faulty: FaultyPrometheus;
    let adapter: AggregatedServer;
    beforeAll(async () => {
      faulty = await FaultyPrometheus.start(prometheus);
      adapter = await startOurAdapter(plane, faulty, {
        config: CONFIG,
        flags: [NEVER, '--prometheus-timeout=10s'],
      });
      await adapter.discovered();
    });
    beforeEach(async () => {
      faulty.fault = () => false;
      await until('it is asked again', async () => (await adapter.direct(QUEUE)).status === 200);
    });
    afterAll(async () => {
      await adapter?.stop();
      await faulty?.stop();
    });

    test.each<[string, Fault, RegExp]>([
      ['a page', answering(200, 'text/html', '<html>Welcome to nginx!</html>'), /text\/html/],
      ['no answer at all', refuse, /hang up|ECONNRESET/],
      ['429', answering(429, 'text/plain', 'slow down'), /429/],
      ['502 with HTML', answering(502, 'text/html', '<html>bad gateway</html>'), /502/],
      ['500', answering(500, 'text/plain', 'panic'), /500/],
      ['401', answering(401, 'text/plain', 'who are you'), /credentials/],
      [
        'JSON that breaks off',
        answering(200, 'application/json', '{"status":"success","data":{"res'),
        /JSON/,
      ],
      ['JSON of something else', answering(200, 'application/json', '{"hello":1}'), /JSON/],
      ['an answer without an end', endless, /bytes|ms/],
      ['an answer that breaks off', broken, /aborted|hang up|ECONNRESET/],
    ])('%s: 503, and the cause in the log', async (_, fault, cause) => {
      faulty.fault = fault;
      unavailable(await adapter.direct(QUEUE));
      unavailable(await adapter.direct(REQUESTS));
      const ready = await adapter.direct('/readyz?verbose');
      expect([ready.status, ready.text]).toEqual([200, expect.stringMatching(/^\[!\]source failed: /m)]);
      expect((await adapter.direct('/readyz/source')).text).toMatch(cause);
      expect(adapter.log()).toMatch(cause);
    });

    test('Retry-After is heeded, and told in the Status', async () => {
      faulty.fault = (_, response) => {
        // Longer than a busy machine may pause between the two questions.
        response.writeHead(429, { 'retry-after': '5' }).end('slow down');
        return true;
      };
      unavailable(await adapter.direct(QUEUE));
      const asked = faulty.asked.length;
      unavailable(await adapter.direct(QUEUE));
      expect(faulty.queriesSince(asked)).toEqual([]);
    });

    test('an answer with a warning counts, and the warning is told', async () => {
      const answer: unknown = JSON.parse(vector([{ labels: { namespace: 'default' }, value: '8' }]));
      const warnings = ['store b did not answer'];
      faulty.fault = answering(
        200,
        'application/json',
        JSON.stringify(Object.assign({}, answer, { warnings })),
      );
      expect(await value(adapter, QUEUE)).toBe('8');
      expect(await metric(adapter, 'source_warnings_total')).toBe(1);
      expect(adapter.log()).toContain('store b did not answer');
    });

    test('a JSON answer under another content type counts, as it does upstream', async () => {
      const body = vector([{ labels: { namespace: 'default' }, value: '9' }]);
      faulty.fault = answering(200, 'text/plain', body);
      expect(await value(adapter, QUEUE)).toBe('9');
    });

    test('a flood of NaN is no value, and no load either', async () => {
      const flood = Array.from({ length: 50_000 }, (_, index) => ({
        labels: { namespace: 'default', service: `web-${index}` },
        value: 'NaN',
      }));
      flood.push({ labels: { namespace: 'default', service: 'web' }, value: 'NaN' });
      faulty.fault = answering(200, 'application/json', vector(flood));
      const { status } = await adapter.direct(REQUESTS);
      expect([200, 404]).toContain(status);
      const external = await adapter.direct(QUEUE);
      expect(external.text.length).toBeLessThan(20_000_000);
      expect((await adapter.direct('/readyz')).status).toBe(200);
    });
  });

  test('a token that is rotated is used from then on', async () => {
    const token = join(plane.folder, 'prometheus-token');
    replace(token, 'first');
    const faulty = await scene.faultyPrometheus();
    let good = 'first';
    faulty.fault = ({ authorization }, response) => {
      if (authorization === `Bearer ${good}`) return false;
      response.writeHead(401).end('unknown token');
      return true;
    };
    const adapter = await scene.adapter(faulty, { flags: [NEVER, `--prometheus-token-file=${token}`] });
    expect(await value(adapter, QUEUE)).toBe('7');
    good = 'second';
    unavailable(await adapter.direct(QUEUE));
    replace(token, 'second');
    expect(await value(adapter, QUEUE)).toBe('7');
    expect(adapter.log()).not.toMatch(/Bearer|"second"/);
  });
});

test('each of several replicas asks once in a window, however many ask it', async () => {
  const faulty = await scene.faultyPrometheus();
  // A window in which even a slow machine makes all connections and asks all questions.
  const config = JSON.stringify({ ...RULES, plimsoll: { freshness: '5m' } });
  const replicas = [
    await scene.adapter(faulty, { config, flags: [NEVER] }),
    await scene.adapter(faulty, { config, flags: [NEVER] }),
  ];
  const before = faulty.asked.length;
  const replies = await Promise.all(
    replicas.flatMap((replica) => Array.from({ length: 20 }, () => replica.direct(QUEUE))),
  );
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  expect(faulty.queriesSince(before)).toHaveLength(replicas.length);
});

describe('a rule', () => {
  const widget = { group: 'faults.example.com', resource: 'widget' };
  const broken = [
    { ...GOOD_RULE, resources: { overrides: { widget } } },
    { ...GOOD_RULE, seriesFilters: [{ is: '^(' }] },
    { ...GOOD_RULE, seriesQuery: '{__name__=~".*"}', name: { matches: '^(.*)_seconds$' } },
    { ...GOOD_RULE, seriesQuery: '{service=~"("}', name: { matches: '^(.*)_seconds$' } },
  ];

  test.each(broken.map((rule) => [JSON.stringify(rule), rule]))('%s hurts only itself', async (_, rule) => {
    const faulty = await scene.faultyPrometheus();
    const config = JSON.stringify({ ...RULES, rules: [rule, GOOD_RULE] });
    const adapter = await scene.adapter(faulty, { config, flags: [NEVER] });
    await adapter.discovered();
    expect(await value(adapter, REQUESTS)).toBe('25');
    expect(await value(adapter, QUEUE)).toBe('7');
    await until('it is told', async () => {
      const told = await Promise.all(['rules', 'series'].map((check) => adapter.direct(`/readyz/${check}`)));
      return told.some(({ text }) => text.includes('rules[0]'));
    });
    expect((await adapter.direct('/readyz')).status).toBe(200);
    const listed = faulty.asked.filter(({ parameters }) => {
      return parameters.get('match[]')?.includes('http_requests_total');
    });
    // Label names, and names of series for each of the two labels.
    expect(listed.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['cannot be filled in', 'sum(<<.Series>>{<<.Oops>>})', 404],
    ['makes no PromQL', 'sum(<<.Series>>{<<.LabelMatchers>>}', 500],
  ])('whose template %s fails its own metric', async (_, metricsQuery, status) => {
    const failing = { ...GOOD_RULE, metricsQuery, name: { matches: '^(.*)_total$', as: 'failing' } };
    const config = JSON.stringify({ ...RULES, rules: [failing, GOOD_RULE] });
    const adapter = await scene.adapter(prometheus, { config, flags: [NEVER] });
    await adapter.discovered();
    const own = await adapter.direct(REQUESTS.replace('http_requests', 'failing'));
    expect([own.status, own.text]).toEqual([status, expect.stringContaining('"kind":"Status"')]);
    expect(await value(adapter, REQUESTS)).toBe('25');
  });

  test('that is too slow hurts only itself, and rests', async () => {
    const faulty = await scene.faultyPrometheus();
    faulty.fault = ({ parameters }) => parameters.get('query')?.includes('slow_total') === true;
    const slow = { ...GOOD_RULE, seriesQuery: 'slow_total', name: { as: 'slow' } };
    const config = JSON.stringify({ ...RULES, rules: [slow, GOOD_RULE] });
    const adapter = await scene.adapter(faulty, {
      config,
      // Enough for the good queries on a busy machine.
      flags: [NEVER, '--prometheus-timeout=5s', '--prometheus-concurrency=4'],
    });
    await adapter.discovered();
    const asked = REQUESTS.replace('http_requests', 'slow');
    const waiting = Array.from({ length: 8 }, (_, index) =>
      adapter.direct(`${asked}?metricLabelSelector=n%3D${index}`),
    );
    expect(await value(adapter, REQUESTS)).toBe('25');
    expect(await value(adapter, QUEUE)).toBe('7');
    for (const reply of await Promise.all(waiting)) unavailable(reply);
    expect((await adapter.direct('/readyz/source')).text).toContain('rules[0]: ');
    expect(adapter.log()).toContain('a query is too much for its source');
    expect(await value(adapter, REQUESTS)).toBe('25');
  });

  test('for a kind that comes later works without a restart', async () => {
    exporter.set('http_requests_total', { namespace: 'default', widget: 'one' }, 4);
    await until('it is scraped', async () => {
      return (await prometheus.query('http_requests_total{widget="one"}')).length > 0;
    });
    const rule = {
      ...GOOD_RULE,
      resources: { overrides: { namespace: { resource: 'namespace' }, widget } },
      metricsQuery: 'sum(http_requests_total{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
    };
    const adapter = await scene.adapter(prometheus, {
      config: JSON.stringify({ rules: [rule] }),
      flags: [NEVER],
    });
    const path = `${CUSTOM}/namespaces/default/widgets.faults.example.com/one/http_requests`;
    expect((await adapter.direct(path)).status).toBe(404);
    await plane.create(DEFINITIONS, {
      metadata: { name: 'widgets.faults.example.com' },
      spec: {
        group: 'faults.example.com',
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    });
    await until('the metric of the new kind has a value', async () => {
      return (await adapter.direct(path)).status === 200;
    });
    expect(await value(adapter, path)).toBe('4');
    exporter.remove('http_requests_total', { namespace: 'default', widget: 'one' });
  });
});

async function available(name: string): Promise<boolean> {
  const { text } = await plane.request(`${APISERVICES}/${name}`);
  const { status } = apiServiceShape.parse(JSON.parse(text));
  return status.conditions.some((each) => each.type === 'Available' && each.status === 'True');
}

function answering(status: number, type: string, body: string): Fault {
  return (_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
    return true;
  };
}

/** Closes the connection. */
function refuse(...[, response]: Parameters<Fault>): boolean {
  response.destroy();
  return true;
}

function broken(...[, response]: Parameters<Fault>): boolean {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"status":"success"');
  setImmediate(() => response.destroy());
  return true;
}

/** JSON that goes on and on. */
function endless(...[, response]: Parameters<Fault>): boolean {
  const piece = `${'[1,2,3,4,5,6,7,8],'.repeat(10_000)}`;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"status":"success","data":[');
  const more = () => {
    while (!response.destroyed) if (!response.write(piece)) return;
  };
  response.on('drain', more);
  response.on('error', () => undefined);
  more();
  return true;
}
