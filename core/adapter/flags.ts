import { UsageError } from '../errors';
import { parseGoDuration } from '../kube/duration';

/** The command-line flags of the adapter that the rest of Plimsoll looks at. */
export interface AdapterFlags {
  readonly prometheusUrl: string;
  /** Path of the configuration file in the container. */
  readonly configPath: string;
  /** Time from the end of one listing of series to the start of the next. */
  readonly metricsRelistIntervalMs: number;
  /** How far back a listing looks. */
  readonly metricsMaxAgeMs: number;
  /** `0` serves nothing over TLS. */
  readonly securePort: number;
  /** Where a serving certificate is looked for or made when none is given. */
  readonly certDir: string;
  readonly tlsCertFile?: string | undefined;
  readonly tlsPrivateKeyFile?: string | undefined;
}

/** Flags that may stand without a value. */
const SWITCHES: ReadonlySet<string> = new Set([
  ...['prometheus-auth-incluster', 'disable-http2', 'disable-http2-serving'],
  ...['permit-address-sharing', 'permit-port-sharing', 'profiling', 'contention-profiling'],
  ...['authentication-skip-lookup', 'authentication-tolerate-lookup-failure', 'enable-priority-and-fairness'],
  ...['audit-log-compress', 'audit-log-truncate-enabled', 'audit-webhook-truncate-enabled'],
  ...['add-dir-header', 'alsologtostderr', 'logtostderr', 'one-output', 'skip-headers', 'skip-log-headers'],
]);

/** Flags that take a value: the adapter's own, those of the generic API server, and those of klog. */
const OPTIONS: ReadonlySet<string> = new Set([
  ...['prometheus-url', 'prometheus-auth-config', 'prometheus-ca-file', 'prometheus-token-file'],
  ...[
    'prometheus-client-tls-cert-file',
    'prometheus-client-tls-key-file',
    'prometheus-header',
    'prometheus-verb',
  ],
  ...['config', 'metrics-relist-interval', 'metrics-max-age'],
  ...['lister-kubeconfig', 'client-qps', 'client-burst', 'discovery-interval', 'debug-socket-path'],
  ...[
    'bind-address',
    'secure-port',
    'cert-dir',
    'tls-cert-file',
    'tls-private-key-file',
    'tls-cipher-suites',
  ],
  ...['tls-curve-preferences', 'tls-min-version', 'tls-sni-cert-key', 'http2-max-streams-per-connection'],
  ...['authentication-kubeconfig', 'authentication-token-webhook-cache-ttl', 'client-ca-file'],
  ...['requestheader-allowed-names', 'requestheader-client-ca-file', 'requestheader-extra-headers-prefix'],
  ...['requestheader-group-headers', 'requestheader-uid-headers', 'requestheader-username-headers'],
  ...['authorization-kubeconfig', 'authorization-always-allow-paths'],
  ...['authorization-webhook-cache-authorized-ttl', 'authorization-webhook-cache-unauthorized-ttl'],
  ...['audit-policy-file', 'audit-log-path', 'audit-log-format', 'audit-log-mode', 'audit-log-version'],
  ...['audit-log-maxage', 'audit-log-maxbackup', 'audit-log-maxsize', 'audit-webhook-config-file'],
  ...['audit-webhook-initial-backoff', 'audit-webhook-mode', 'audit-webhook-version'],
  ...[
    'log-backtrace-at',
    'log-dir',
    'log-file',
    'log-file-max-size',
    'log-flush-frequency',
    'stderrthreshold',
  ],
  ...['v', 'vmodule'],
]);

/**
 * Reads the arguments of the adapter's container: `--flag=value` and `--flag value`, switches with or without a value,
 * `-v4`. Words that are no flags are ignored, as upstream does.
 * @throws UsageError on an unknown flag, a missing or malformed value, or no `--config`
 */
export function parseAdapterArgs(args: readonly string[]): AdapterFlags {
  const given = readFlags(args);
  const configPath = given.get('config');
  if (!configPath) {
    throw new UsageError('no metrics discovery configuration file specified (make sure to use --config)');
  }
  const metricsRelistIntervalMs = duration(given, 'metrics-relist-interval') ?? 600_000;
  return {
    prometheusUrl: given.get('prometheus-url') ?? 'https://localhost',
    configPath,
    metricsRelistIntervalMs,
    metricsMaxAgeMs: duration(given, 'metrics-max-age') || metricsRelistIntervalMs,
    securePort: port(given.get('secure-port') ?? '443'),
    certDir: given.get('cert-dir') ?? 'apiserver.local.config/certificates',
    tlsCertFile: given.get('tls-cert-file'),
    tlsPrivateKeyFile: given.get('tls-private-key-file'),
  };
}

/** The values of the flags by name; the last of a repeated flag. */
function readFlags(args: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined && arg !== '--'; arg = rest.shift()) {
    const flag = splitFlag(arg);
    if (!flag) continue;
    given.set(flag.name, flag.value ?? (SWITCHES.has(flag.name) ? 'true' : following(rest, arg)));
  }
  return given;
}

/** @returns `undefined` for a word that is no flag */
function splitFlag(arg: string): { name: string; value: string | undefined } | undefined {
  const shorthand = /^-v(?:=?(.+))?$/.exec(arg);
  if (shorthand) return { name: 'v', value: shorthand[1] };
  const long = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
  if (!long) {
    if (/^-./.test(arg)) throw new UsageError(`adapter: unknown shorthand flag in ${arg}`);
    return undefined;
  }
  // klog's flags are written with either.
  const name = (long[1] ?? '').replaceAll('_', '-');
  if (!SWITCHES.has(name) && !OPTIONS.has(name)) throw new UsageError(`adapter: unknown flag --${long[1]}`);
  return { name, value: long[2] };
}

function following(rest: string[], flag: string): string {
  const value = rest.shift();
  if (value === undefined) throw new UsageError(`adapter: flag needs an argument: ${flag}`);
  return value;
}

function duration(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const milliseconds = parseGoDuration(text);
  if (milliseconds < 0) throw new UsageError(`adapter: --${name} must not be negative, is ${text}`);
  return milliseconds;
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    throw new UsageError(`adapter: --secure-port ${text} must be between 0 and 65535, inclusive`);
  }
  return value;
}
