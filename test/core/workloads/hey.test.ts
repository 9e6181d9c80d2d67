import { NotSupportedError, UsageError } from '../../../core/errors';
import { programFor, rateOf } from '../../../core/workloads';
import { setting } from './fixture';

function run(args: string, image = 'plimsoll/load-test:1', configMaps = {}) {
  const mounts = Object.keys(configMaps).map((name) => `{ name: ${name}, mountPath: /etc/hey }`);
  const container = `{ name: load, image: '${image}', args: ${args}, volumeMounts: [${mounts.join(', ')}] }`;
  return programFor(setting(container, configMaps), []);
}

function call(args: string) {
  const [first] = run(args).calls;
  if (!first) throw new Error('hey calls nothing');
  return first;
}

/** Requests a second at 5 ms. */
const rate = (args: string) => rateOf(call(args).pace, 5);

describe('hey', () => {
  it('sends to its URL, by default 200 GETs of 50 workers that keep their connections', () => {
    expect(call(`[hey, 'http://web.shop.svc:8080/echo?x=1']`)).toEqual({
      namespace: 'shop',
      service: 'web',
      port: 8080,
      method: 'GET',
      path: '/echo',
      body: undefined,
      pace: { kind: 'closed', senders: 50, everyMs: 0, beforeMs: 0, afterMs: 0 },
      total: 200,
      keepAlive: true,
    });
  });

  it.each([
    ['-q, "25", -c, "10", -n, "45000"', 250],
    ['-z, 10m, -c, "5", -q, "5"', 25],
    ['-n, "200", -c, "2"', 400],
    ['-q, "0.5", -c, "4"', 2],
    ['-q, "1000", -c, "1"', 200],
    ['-q, "-1", -c, "1"', 200],
  ])('with %s sends so many requests a second at 5 ms', (flags, expected) => {
    expect(rate(`[hey, ${flags}, 'http://web/']`)).toBeCloseTo(expected, 9);
  });

  it('ticks in whole microseconds', () => {
    expect(call(`[hey, -q, '3', -c, '1', 'http://web/']`).pace).toMatchObject({ everyMs: 333.333 });
  });

  it('divides its requests among the workers, and leaves out what does not divide', () => {
    expect(call(`[hey, -n, '200', -c, '3', 'http://web/']`).total).toBe(198);
  });

  it('ends after a time instead, whatever -n says', () => {
    const program = run(`[hey, -z=10m, -n, '1', 'http://web/']`);
    expect(program.endsAfterMs).toBe(600_000);
    expect(program.calls[0]?.total).toBeUndefined();
    expect(run(`[hey, 'http://web/']`).endsAfterMs).toBeUndefined();
  });

  it('takes method and body as they are given', () => {
    expect(call(`[hey, -m, post, -d, test, -disable-keepalive, 'http://web/token']`)).toMatchObject({
      method: 'POST',
      body: 'test',
      path: '/token',
      keepAlive: false,
    });
    expect(call(`[hey, -d, test, --disable-keepalive=false, 'http://web/']`)).toMatchObject({
      method: 'GET',
      keepAlive: true,
    });
  });

  it('takes its body from a file of a ConfigMap', () => {
    const program = run(`[hey, -D, /etc/hey/body, 'http://web/']`, undefined, { files: { body: 'foo' } });
    expect(program.calls[0]?.body).toBe('foo');
  });

  it('ignores what does not matter to its rate, and what stands behind the URL', () => {
    const flags = `-H, 'Accept: text/html', -H, 'X-Id: 1', -T, text/plain, -t, '0', -a, 'me:secret', -o, csv, -cpus, '2'`;
    expect(call(`[hey, ${flags}, -disable-compression, -host, web, 'http://web/', -n, '7']`).total).toBe(200);
  });

  it.each([
    ['plimsoll/load-test:1', `[/usr/bin/hey, 'http://web/']`],
    ['plimsoll/load-test:1', `[sh, -c, "hey 'http://web/'"]`],
    ['docker.io/williamyeh/hey:latest', `[-c, '50', 'http://web/']`],
    ['ghcr.io/fluxcd/flagger-loadtester:0.38.0', `[hey, 'http://web/']`],
  ])('is found in image %s by the words %s', (image, args) => {
    expect(run(args, image)).toMatchObject({ name: 'hey', calls: [{ service: 'web', total: 200 }] });
  });

  it.each([
    [`[hey, -n, '5', -c, '10', 'http://web/']`, UsageError, '-n=5 of hey is smaller than -c=10'],
    [`[hey, -n, '5', 'http://web/']`, UsageError, '-n=5 of hey is smaller than -c=50'],
    [`[hey, -n, '0', -c, '0', 'http://web/']`, UsageError, '-c=0 of hey is smaller than 1'],
    [`[hey, -n, '-3', 'http://web/']`, UsageError, '-n=-3 of hey is smaller than 1'],
    [`[hey, -z, 1m, -c, '0', 'http://web/']`, UsageError, '-c=0 of hey is smaller than 1'],
    [`[hey, -t, 1s, 'http://web/']`, UsageError, '-t=1s of hey is not a whole number'],
    [`[hey, -n, many, 'http://web/']`, UsageError, '-n=many of hey is not a whole number'],
    [`[hey, -q, fast, 'http://web/']`, UsageError, '-q=fast of hey is not a number'],
    [`[hey, -q, '2000000', 'http://web/']`, UsageError, 'never ticks'],
    [`[hey, -z, soon, 'http://web/']`, UsageError, 'invalid duration "soon"'],
    [`[hey, -h, 'X: 1', 'http://web/']`, UsageError, 'use -H'],
    [`[hey, -H, 'no header', 'http://web/']`, UsageError, 'is not a header'],
    [`[hey, -a, nobody, 'http://web/']`, UsageError, 'user:password'],
    [`[hey, -rate, '5', 'http://web/']`, UsageError, '-rate is not a flag of hey'],
    [`[hey, -n]`, UsageError, 'flag -n needs a value'],
    [`[hey, -n, '5']`, UsageError, 'hey without a URL'],
    [`[hey, -h2, 'http://web/']`, NotSupportedError, 'hey with -h2'],
    [`[hey, -x, 'proxy:80', 'http://web/']`, NotSupportedError, 'hey with -x'],
    [`[hey, -D, /body, 'http://web/']`, NotSupportedError, 'nothing is mounted at /body'],
    [`[hey, 'http://192.0.2.1/']`, NotSupportedError, 'which leads to an address, not to a Service'],
    [`[hey, 'https://example.com/']`, NotSupportedError, 'which leads out of the cluster'],
    [`[sh, -c, 'hey http://web/ | tee log']`, NotSupportedError, '"tee" in the script'],
  ])('refuses %s', (args, kind, message) => {
    expect(() => run(args)).toThrow(kind);
    expect(() => run(args)).toThrow(message);
    expect(() => run(args)).toThrow(
      /^(not supported: )?Deployment here\/main, container load: |invalid duration/,
    );
  });
});
