import { parseAdapterArgs, startupProblem } from '../../../../core/adapter';
import { UsageError } from '../../../../core/errors';
import { parseAdapterConfig } from '../../../../core/rules';

describe('parseAdapterArgs', () => {
  it('has the defaults of upstream', () => {
    expect(parseAdapterArgs(['--config=/etc/adapter/config.yaml'])).toMatchObject({
      prometheusUrl: 'https://localhost',
      configPath: '/etc/adapter/config.yaml',
      metricsRelistIntervalMs: 600_000,
      metricsMaxAgeMs: 600_000,
      serving: {
        securePort: 443,
        certDir: 'apiserver.local.config/certificates',
        http2: true,
        minVersion: 'VersionTLS12',
      },
    });
  });

  it('reads values after an equals sign or as the next argument', () => {
    const flags = parseAdapterArgs([
      ...[
        '--config',
        'c.yaml',
        '--prometheus-url=http://prometheus:9090/?a=b',
        '--metrics-relist-interval',
        '1m30s',
      ],
      ...['--metrics-max-age=5m', '--secure-port', '6443', '--cert-dir=/var/run/certs'],
      ...['--tls-cert-file=/tls/tls.crt', '--tls-private-key-file=/tls/tls.key'],
    ]);
    expect(flags).toMatchObject({
      prometheusUrl: 'http://prometheus:9090/?a=b',
      configPath: 'c.yaml',
      metricsRelistIntervalMs: 90_000,
      metricsMaxAgeMs: 300_000,
      serving: {
        securePort: 6443,
        certDir: '/var/run/certs',
        certFile: '/tls/tls.crt',
        keyFile: '/tls/tls.key',
      },
    });
  });

  it('takes the relist interval as maximum age unless one is given', () => {
    expect(parseAdapterArgs(['--config=c', '--metrics-relist-interval=1m']).metricsMaxAgeMs).toBe(60_000);
    expect(parseAdapterArgs(['--config=c', '--metrics-max-age=0']).metricsMaxAgeMs).toBe(600_000);
  });

  it('takes what lies at the bounds', () => {
    const args = ['--prometheus-timeout=5m', '--prometheus-concurrency=10000', '--request-timeout=1ms'];
    expect(parseAdapterArgs(['--config=c', ...args])).toMatchObject({
      prometheusTimeoutMs: 300_000,
      prometheusConcurrency: 10_000,
      serving: { requestTimeoutMs: 1 },
    });
  });

  it('works on any number of requests at a time if that is 0, as the generic API server does', () => {
    const { serving } = parseAdapterArgs(['--config=c', '--max-requests-inflight=0']);
    expect(serving.maxInFlight).toBe(Infinity);
  });

  it('starts without a pause between listings, as upstream does', () => {
    const flags = parseAdapterArgs(['--config=c', '--metrics-relist-interval=0']);
    expect([flags.metricsRelistIntervalMs, flags.metricsMaxAgeMs]).toEqual([0, 0]);
  });

  it.each([
    ['1e3', 1000],
    ['0.5', 0.5],
    ['0', 5],
    ['-1', 5],
  ])('takes --client-qps=%s for %d requests a second, as upstream does', (value, qps) => {
    expect(parseAdapterArgs(['--config=c', `--client-qps=${value}`]).clientQps).toBe(qps);
  });

  it.each([
    ['20', 20],
    ['0', 10],
    ['-5', 10],
  ])('takes --client-burst=%s for %d at once, as upstream does', (value, burst) => {
    expect(parseAdapterArgs(['--config=c', `--client-burst=${value}`]).clientBurst).toBe(burst);
  });

  it('does not take the word after a switch as its value', () => {
    expect(parseAdapterArgs(['--disable-http2', '--config=a', '--logtostderr=true']).configPath).toBe('a');
    expect(
      parseAdapterArgs(['--config=a', '--disable-http2', 'false', '--secure-port=1']).serving.securePort,
    ).toBe(1);
  });

  it.each([['-v4'], ['-v=4'], ['-v', '4'], ['--v=4'], ['--log_dir=/tmp'], ['--log-dir', '/tmp']])(
    'accepts the flag of klog %s %s',
    (...args) => {
      expect(parseAdapterArgs([...args.filter(Boolean), '--config=a']).configPath).toBe('a');
    },
  );

  it('takes the last of a repeated flag and stops at --', () => {
    expect(parseAdapterArgs(['--config=a', '--config=b', '--', '--config=c']).configPath).toBe('b');
  });

  it.each([
    [[], 'no metrics discovery configuration file specified (make sure to use --config)'],
    [['--config='], 'make sure to use --config'],
    [['--config=a', '--prometheus-uri=b'], 'adapter: unknown flag --prometheus-uri'],
    [['--config=a', '-x'], 'adapter: unknown shorthand flag in -x'],
    [['--config'], 'adapter: flag needs an argument: --config'],
    [['--config=a', '--metrics-max-age=5'], 'invalid duration "5"'],
    [['--config=a', '--metrics-max-age=-5s'], 'adapter: --metrics-max-age must not be negative, is -5s'],
    [
      ['--config=a', '--secure-port=https'],
      'adapter: --secure-port must be a whole number from 0 to 65535, is https',
    ],
    [['--config=a', '--secure-port=65536'], '--secure-port must be a whole number from 0 to 65535, is 65536'],
    [['--config=a', '--secure-port=-1'], '--secure-port must be a whole number from 0 to 65535, is -1'],
    [['--config=a', '--request-timeout=0'], 'adapter: --request-timeout must be more than 0s, is 0'],
    [
      ['--config=a', '--prometheus-timeout=0s'],
      'adapter: --prometheus-timeout must be more than 0s and at most 5m, is 0s',
    ],
    [['--config=a', '--prometheus-timeout=301s'], 'more than 0s and at most 5m, is 301s'],
    [
      ['--config=a', '--prometheus-concurrency=0'],
      'adapter: --prometheus-concurrency must be a whole number from 1 to 10000, is 0',
    ],
    [['--config=a', '--prometheus-concurrency=10001'], 'must be a whole number from 1 to 10000, is 10001'],
    [['--config=a', '--prometheus-concurrency=1.5'], 'must be a whole number from 1 to 10000, is 1.5'],
    [
      ['--config=a', '--max-requests-inflight=-1'],
      'adapter: --max-requests-inflight must be a whole number, zero or more, is -1',
    ],
  ])('refuses %j', (args, message) => {
    expect(() => parseAdapterArgs(args)).toThrow(UsageError);
    expect(() => parseAdapterArgs(args)).toThrow(message);
  });
});

describe('startupProblem', () => {
  const shortAge = parseAdapterArgs(['--config=a', '--metrics-relist-interval=1m', '--metrics-max-age=30s']);
  const custom = parseAdapterConfig('rules: [{seriesQuery: a}]', 'config.yaml');

  it('is a maximum age below the relist interval', () => {
    expect(startupProblem(shortAge, custom)).toBe(
      'max age must not be less than relist interval: --metrics-max-age is 30s, --metrics-relist-interval is 1m',
    );
  });

  it('is none with external rules only, or with equal times', () => {
    expect(
      startupProblem(shortAge, parseAdapterConfig('externalRules: [{seriesQuery: a}]', 'c')),
    ).toBeUndefined();
    expect(startupProblem(parseAdapterArgs(['--config=a']), custom)).toBeUndefined();
  });
});
