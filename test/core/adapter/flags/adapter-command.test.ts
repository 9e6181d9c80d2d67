import { adapterHelp, parseAdapterCommand } from '../../../../core/adapter';
import { UsageError } from '../../../../core/errors';

function served(...args: readonly string[]) {
  const command = parseAdapterCommand(['--config=a', ...args]);
  if (command.kind !== 'serve') throw new Error(`asks for ${command.kind}`);
  return command;
}

describe('parseAdapterCommand', () => {
  it.each([
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['--config=a'], 'serve'],
  ])('%j asks to %s', (args, kind) => {
    expect(parseAdapterCommand(args).kind).toBe(kind);
  });

  it('says why a flag has no effect', () => {
    expect(served('--logtostderr=true', '--audit-log-path=/tmp/x').warnings).toEqual([
      expect.stringMatching(/^--logtostderr has no effect: the log is/),
      expect.stringMatching(/^--audit-log-path has no effect: the Kubernetes API server audits/),
    ]);
    expect(served('-v4').warnings).toEqual([]);
  });

  it('splits lists at commas, adds repeated ones up, and keeps headers whole', () => {
    const { flags } = served(
      ...['--requestheader-allowed-names=a,b', '--requestheader-allowed-names=c'],
      ...['--prometheus-header=X-A=1,2', '--prometheus-header=X-A=b=c'],
    );
    expect(flags.authentication.requestHeader.allowedNames).toEqual(['a', 'b', 'c']);
    expect(flags.prometheusHeaders).toEqual([
      ['X-A', '1,2'],
      ['X-A', 'b=c'],
    ]);
  });

  it('has the secure defaults of the generic API server', () => {
    expect(served().flags).toMatchObject({
      serving: { minVersion: 'VersionTLS12', maxInFlight: 400, requestTimeoutMs: 60_000, http2: true },
      authentication: { tokenCacheMs: 10_000, tolerateLookupFailure: false },
      authorization: { alwaysAllowPaths: ['/healthz', '/readyz', '/livez'], allowedCacheMs: 10_000 },
    });
  });

  it.each([
    [['--prometheus-verb=PUT'], '--prometheus-verb must be GET or POST, is PUT'],
    [['--prometheus-header=Authorization'], '--prometheus-header must be NAME=VALUE, is without ='],
    [['--tls-cert-file=a'], '--tls-cert-file and --tls-private-key-file go together'],
    [['--disable-http2=maybe'], '--disable-http2 must be true or false, is maybe'],
    [['--client-qps=many'], '--client-qps must be a number, is many'],
    [['--prometheus-auth-incluster', '--prometheus-auth-config=k'], 'may not use both'],
    [
      ['--metric-relist-interval=1m'],
      'unknown flag --metric-relist-interval; did you mean "metrics-relist-interval"?',
    ],
  ])('refuses %j without its secrets', (args, message) => {
    expect(() => served(...args)).toThrow(UsageError);
    expect(() => served(...args)).toThrow(message);
  });
});

describe('adapterHelp', () => {
  it('puts each flag under one heading, and marks those that upstream does not know', () => {
    const help = adapterHelp();
    expect(help.match(/^[A-Z][A-Za-z ]+:$/gm)).toEqual([
      ...['Configuration:', 'Prometheus:', 'Kubernetes API:', 'Serving:'],
      ...['Authentication:', 'Authorization:', 'Logging:'],
    ]);
    expect(help).toContain('  --prometheus-url TEXT                        base URL of the source');
    expect(help).toContain('--prometheus-timeout TIME *');
    expect(help).toContain('--audit-log-path');
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(150);
  });
});
