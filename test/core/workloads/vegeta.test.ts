import { NotSupportedError, UsageError } from '../../../core/errors';
import { programFor } from '../../../core/workloads';
import { setting } from './fixture';

const TARGETS = { targets: { targets: 'POST http://backend-1.backend:8080/echo?x=1\n@/etc/vegeta/body\n' } };

function attack(args: string, configMaps: Record<string, Record<string, string>> = TARGETS) {
  const mounts = Object.keys(configMaps).map((name) => `{ name: ${name}, mountPath: /etc/vegeta }`);
  const container = `{ name: load, image: 'plimsoll/load-test:1', args: ${args}, volumeMounts: [${mounts.join(', ')}] }`;
  return programFor(setting(container, configMaps), []);
}

const FILE = '-targets=/etc/vegeta/targets';

describe('vegeta', () => {
  it('sends to the target of its file, at its rate', () => {
    expect(attack(`[attack, ${FILE}, -rate=50/s, -keepalive=false]`).calls).toEqual([
      {
        namespace: 'backend',
        service: 'backend-1',
        port: 8080,
        method: 'POST',
        path: '/echo',
        pace: { kind: 'open', rate: 50 },
        keepAlive: false,
      },
    ]);
  });

  it.each([
    ['-rate=50', 50],
    ['-rate=50/s', 50],
    ['-rate=3000/1m', 50],
    ['-rate=5/100ms', 50],
    ['-duration=0', 50],
    ['-rate, 10/s', 10],
    ['--rate=10/1s', 10],
  ])('reads %s', (flag, rate) => {
    expect(attack(`[vegeta, attack, ${FILE}, ${flag}]`).calls[0]?.pace).toEqual({ kind: 'open', rate });
  });

  it('keeps connections alive unless told otherwise', () => {
    expect(attack(`[attack, ${FILE}]`).calls[0]?.keepAlive).toBe(true);
    expect(attack(`[attack, -keepalive, ${FILE}]`).calls[0]?.keepAlive).toBe(true);
  });

  it('takes its targets in turn, in their order', () => {
    const targets = { targets: 'GET http://a.x:80/\nX-Header: 1\n\nGET http://b.x.svc.cluster.local/two\n' };
    expect(attack(`[attack, ${FILE}, -rate=30]`, { targets }).calls).toMatchObject([
      { service: 'a', namespace: 'x', port: 80, path: '/', pace: { rate: 15 } },
      { service: 'b', namespace: 'x', port: 80, path: '/two', pace: { rate: 15 } },
    ]);
  });

  it('takes its targets from what a shell writes to it', () => {
    const script = `echo "GET http://web:8080/" | vegeta attack -rate=5 \\\\\\n -insecure | vegeta report`;
    expect(attack(`[sh, -c, "${script.replaceAll('"', '\\"')}"]`, {}).calls).toMatchObject([
      { namespace: 'here', service: 'web', port: 8080, pace: { rate: 5 } },
    ]);
  });

  it('sends once to each target that it reads lazily', () => {
    const targets = { targets: 'GET http://a.x:80/\nGET http://b.x:80/\n' };
    const totals = (flag: string) =>
      attack(`[attack, ${FILE}, ${flag}]`, { targets }).calls.map(({ total }) => total);
    expect(totals('-lazy')).toEqual([1, 1]);
    expect(totals('-lazy=true')).toEqual([1, 1]);
    expect(totals('-lazy=false')).toEqual([undefined, undefined]);
  });

  it('takes the flags that change nothing here', () => {
    const flags = '-name=load, -timeout, 5s, -header=A:b, -max-workers=10, -connections=1, -output=/dev/null';
    expect(attack(`[attack, ${flags}, ${FILE}]`).calls).toHaveLength(1);
  });

  it('ends after its duration', () => {
    expect(attack(`[attack, ${FILE}, -duration=5m]`).endsAfterMs).toBe(300_000);
    expect(attack(`[attack, ${FILE}]`).endsAfterMs).toBeUndefined();
  });

  it.each([
    [`[attack, ${FILE}, -rate=0]`, NotSupportedError, 'as fast as it can'],
    [`[attack, ${FILE}, -rate=infinity]`, NotSupportedError, 'as fast as it can'],
    [`[attack, ${FILE}, -format=json]`, NotSupportedError, '-format=json'],
    [`[sh, -c, 'vegeta attack; true']`, NotSupportedError, '";" in the script'],
    [`[sh, -c, 'vegeta attack -rate=$RATE']`, NotSupportedError, '"-rate=$RATE" in the script'],
    [`[sh, -c, 'vegeta attack "oops']`, NotSupportedError, 'cannot be read'],
    [`[attack, ${FILE}, -rate=fast]`, UsageError, '-rate=fast is not a rate'],
    [`[attack, ${FILE}, -rate=5/x]`, UsageError, '-rate: invalid duration "1x"'],
    [`[attack, ${FILE}, -duration=10]`, UsageError, '-duration: invalid duration "10"'],
    [`[attack, ${FILE}, -durations=10s]`, UsageError, 'did you mean "duration"?'],
    [`[attack, ${FILE}, -h2c]`, NotSupportedError, 'vegeta with -h2c'],
    [`[attack, ${FILE}, -unix-socket=/s]`, NotSupportedError, 'vegeta with -unix-socket'],
    [`[attack, ${FILE}, extra]`, UsageError, '"extra" is not an argument'],
    [`[attack]`, NotSupportedError, 'targets that do not come from a file of a ConfigMap'],
    [`[attack, -targets=/other]`, UsageError, '-targets: nothing is mounted at /other'],
    [`[report]`, NotSupportedError, 'without "attack"'],
  ])('refuses %s', (args, kind, message) => {
    expect(() => attack(args)).toThrow(kind);
    expect(() => attack(args)).toThrow(message);
    expect(() => attack(args)).toThrow('Deployment here/main, container load');
  });

  it('refuses targets that are none', () => {
    expect(() => attack(`[attack, ${FILE}]`, { targets: { targets: 'nothing' } })).toThrow('METHOD URL');
    expect(() => attack(`[attack, ${FILE}]`, { targets: { targets: 'GET ftp://x/' } })).toThrow(
      'target ftp://x/, which is no URL of the form http://HOST:PORT/PATH',
    );
  });
});
