import { NotSupportedError, UsageError } from '../../../core/errors';
import { programFor, rateOf } from '../../../core/workloads';
import { setting } from './fixture';

const IMAGE = 'docker.io/curlimages/curl:8.16.0';

function container(command: readonly string[], image = IMAGE) {
  return programFor(setting(`{ name: load, image: '${image}', command: ${JSON.stringify(command)} }`), []);
}

function call(command: readonly string[]) {
  const [first, ...others] = container(command).calls;
  if (!first || others.length > 0) throw new Error('expected one call');
  return first;
}

const script = (text: string, shell = 'sh') => call([shell, '-c', text]);
const curl = (...words: string[]) => call(['curl', ...words]);

describe('a loop around curl', () => {
  const loop = script(
    'for i in $(seq 1 1 3000); do curl -sL http://sample-metrics-app.default.svc; sleep 0.1; done',
  );

  it('sends one request a turn, each on a connection of its own, and ends', () => {
    expect(loop).toMatchObject({
      namespace: 'default',
      service: 'sample-metrics-app',
      port: 80,
      method: 'GET',
      path: '/',
      total: 3000,
      keepAlive: false,
    });
  });

  it('is slowed down by what it waits for', () => {
    expect(rateOf(loop.pace, 5)).toBeCloseTo(1000 / 110, 9);
    expect(rateOf(loop.pace, 55)).toBeCloseTo(1000 / 160, 9);
  });

  it.each([
    ['while true; do curl http://web; sleep 2; done', undefined],
    ['while :\ndo\n  curl http://web > /dev/null 2>&1\n  sleep 2\ndone\n', undefined],
    ['while sleep 2; do curl http://web; done', undefined],
    ['for i in 1 2 3; do curl http://web; sleep 2; done;', 3],
    ['for i in $(seq 30); do sleep 2; curl http://web; done', 30],
    ['for i in $(seq 5 8); do curl http://web; sleep 1; sleep 1s; done', 4],
    ['for i in $(seq 10 -2 1); do curl http://web; echo "done" done; sleep 2; done', 5],
    ['for i in $(seq 5 1); do curl http://web; sleep 2; done', 0],
  ])('is read from %j', (text, total) => {
    const { pace, total: sent } = script(text);
    expect(sent).toBe(total);
    expect(rateOf(pace, 5)).toBeCloseTo(1000 / 2010, 9);
  });

  it('counts a range in braces where the shell knows it, and refuses it where it runs once', () => {
    const text = 'for i in {1..3000}; do curl http://web; sleep 0.1; done';
    expect(script(text, 'bash').total).toBe(3000);
    expect(() => script(text)).toThrow(UsageError);
    expect(() => script(text)).toThrow(
      'its shell takes {1..3000} for one word, so that the loop runs once; write $(seq 1 3000)',
    );
  });

  it.each([
    ['for i in $(cat list); do curl http://web; done', '"$(cat list)" in the script'],
    ['for i in 1 2; do curl http://web/$i; done', '"http://web/$i" in the script'],
    ['for i in 1 2; do curl "http://web/$i"; done', '"http://web/$i" in the script'],
    ['while true; do curl http://web & done', '"&" in the script'],
    ['while true; do curl http://web || true; done', '"||" in the script'],
    ['while true; do curl http://web; done; echo over', '"echo" in the script'],
    ['while true; do curl http://web; sleep 1', '"do" in the script'],
    ['for i in 1 2; do curl http://web/$((i)); done', '"http://web/$((i))" in the script'],
    ['while true; curl http://web; done', '"curl" in the script'],
    ['for i in; do curl http://web', '"do" in the script'],
    ['until false; do curl http://web; done', '"until" in the script'],
    ['while true; do wget -q http://web; done', '"wget" in the script'],
    ['while true; do curl http://a; curl http://b; done', 'more than one request in a turn'],
    ["while true; do curl 'http://web; done", 'cannot be read from'],
  ])('is refused where it is not understood: %s', (text, message) => {
    expect(() => script(text)).toThrow(NotSupportedError);
    expect(() => script(text)).toThrow(message);
  });
});

describe('curl', () => {
  it.each([
    [['http://web/value'], { method: 'GET', path: '/value', body: undefined }],
    [['-X', 'PUT', 'http://web'], { method: 'PUT' }],
    [['-XDELETE', 'http://web'], { method: 'DELETE' }],
    [['--request', 'PATCH', '-d', '1', 'http://web'], { method: 'PATCH', body: '1' }],
    [['http://web:8080/value', '--data', '50'], { method: 'POST', port: 8080, body: '50' }],
    [['-d50', 'http://web'], { method: 'POST', body: '50' }],
    [['-d', 'a=1', '--data-raw', '@b', 'http://web'], { method: 'POST', body: 'a=1&@b' }],
    [['-sSfLo', '/dev/null', '-H', 'X: 1', '--max-time', '2', '--url', 'web.shop'], { namespace: 'shop' }],
    [['-I', 'http://web'], { method: 'HEAD' }],
    [['--head', '-k', '--compressed', 'http://web?x=1#y'], { method: 'HEAD', path: '/' }],
  ])('reads %j', (words, expected) => {
    expect(curl(...words)).toMatchObject(expected);
  });

  it('is one request, which has to be answered', () => {
    const program = container(['curl', 'http://web']);
    expect(program).toMatchObject({ name: 'curl', needsAnswers: 'any', calls: [{ total: 1 }] });
    expect(container(['sh', '-c', 'sleep 5; /usr/bin/curl -s http://web']).needsAnswers).toBe('any');
    for (const flag of ['-f', '-sSf', '--fail', '--fail-with-body'])
      expect(container(['curl', flag, 'http://web']).needsAnswers).toBe('good');
    for (const script of [
      'curl http://web; sleep 1',
      'curl -f http://web; true',
      'while true; do curl -f http://web; done',
    ])
      expect(container(['sh', '-c', script]).needsAnswers).toBeUndefined();
    expect(container(['sh', '-c', 'sleep 5; curl http://web']).calls[0]?.pace).toMatchObject({
      beforeMs: 5005,
    });
  });

  it.each([
    [['--retry', '5', 'http://web'], NotSupportedError, 'curl with --retry'],
    [['-Z', 'http://web'], NotSupportedError, 'curl with -Z'],
    [['-sG', 'http://web'], NotSupportedError, 'curl with -G'],
    [['-d', '@body', 'http://web'], NotSupportedError, 'the body in a file, @body'],
    [['http://a', 'http://b'], NotSupportedError, 'a second URL, http://b'],
    [['http://192.0.2.1/'], NotSupportedError, 'which leads to an address, not to a Service'],
    [['example.com'], NotSupportedError, 'which leads out of the cluster'],
    [['-s'], UsageError, 'curl without a URL'],
    [['http://web', '-o'], UsageError, "curl's option -o needs a value"],
  ])('refuses %j', (words, kind, message) => {
    expect(() => curl(...words)).toThrow(kind);
    expect(() => curl(...words)).toThrow(message);
  });

  it.each([
    [['-s', 'http://web'], IMAGE],
    [['http://web'], IMAGE],
    [['sh', '-c', 'curl -s http://web'], 'plimsoll/load-test:1'],
    [['curl', 'http://web'], 'ghcr.io/fluxcd/flagger-loadtester:0.38.0'],
  ])('is found by %j in image %s', (args, image) => {
    const program = programFor(
      setting(`{ name: load, image: '${image}', args: ${JSON.stringify(args)} }`),
      [],
    );
    expect(program).toMatchObject({ name: 'curl', calls: [{ service: 'web' }] });
  });

  it('sends nothing where the shell only sleeps', () => {
    expect(container(['sleep', 'infinity'])).toMatchObject({ calls: [], endsAfterMs: undefined });
    expect(container(['sleep', '2m'])).toMatchObject({ calls: [], endsAfterMs: 120_000 });
    expect(container(['sh', '-c', 'while true; do sleep 1; done']).endsAfterMs).toBeUndefined();
    expect(
      container(['sleep', '1']).status(80, { from: 'client', method: 'GET', path: '/' }),
    ).toBeUndefined();
    expect(() => container(['sleep', 'long'])).toThrow('write one number of seconds');
  });
});

describe('the load tester of Flagger', () => {
  const server = (command: readonly string[]) =>
    container(command, 'ghcr.io/fluxcd/flagger-loadtester:0.38.0');
  const ask = (command: readonly string[], port: number, path: string) =>
    server(command).status(port, { from: 'probe', method: 'GET', path });

  it('is a server without a command of another program', () => {
    const command = ['./loadtester', '-port=8080', '-log-level=info', '-timeout=1h'];
    expect(server(command).calls).toEqual([]);
    expect([ask(command, 8080, '/healthz'), ask(command, 8080, '/'), ask(command, 80, '/')]).toEqual([
      200,
      400,
      undefined,
    ]);
    expect(ask([], 9090, '/healthz')).toBe(200);
    expect(server(command).exposes(8080, '/metrics')).toBe(true);
  });
});
