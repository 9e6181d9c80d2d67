import { UsageError } from '../../errors';
import { parseGoDuration } from '../../kube/duration';
import { isTrue, type GivenFlags, readFlags } from './read-flags';
import { FLAGS } from './table';

/** The command line of the adapter, read: `--help` says what each flag is for. Durations are in milliseconds. */
export interface AdapterFlags {
  readonly prometheusUrl: string;
  readonly prometheusVerb: 'GET' | 'POST';
  readonly prometheusHeaders: readonly (readonly [name: string, value: string])[];
  readonly prometheusTokenFile?: string | undefined;
  readonly prometheusCaFile?: string | undefined;
  readonly prometheusClientCertFile?: string | undefined;
  readonly prometheusClientKeyFile?: string | undefined;
  readonly prometheusAuthInCluster: boolean;
  readonly prometheusAuthConfig?: string | undefined;
  readonly prometheusTimeoutMs: number;
  readonly prometheusConcurrency: number;
  /** Path of the configuration file in the container. */
  readonly configPath: string;
  /** Time from the end of one listing of series to the start of the next. */
  readonly metricsRelistIntervalMs: number;
  /** How far back a listing looks. */
  readonly metricsMaxAgeMs: number;
  readonly listerKubeconfig?: string | undefined;
  /** More than zero, as is the burst. */
  readonly clientQps: number;
  readonly clientBurst: number;
  readonly discoveryIntervalMs: number;
  readonly serving: ServingFlags;
  readonly authentication: AuthenticationFlags;
  readonly authorization: AuthorizationFlags;
  /** Level of detail of the log. */
  readonly verbosity: number;
}

export interface ServingFlags {
  readonly bindAddress: string;
  /** `0` serves nothing over TLS. */
  readonly securePort: number;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** `CERT,KEY[:NAME,…]`, as given. */
  readonly sniCertKeys: readonly string[];
  /** Where a serving certificate is looked for or made when none is given. */
  readonly certDir: string;
  /** Go's name. */
  readonly minVersion: string;
  /** Go's names; empty for the usual ones. */
  readonly cipherSuites: readonly string[];
  readonly http2: boolean;
  readonly maxStreams: number;
  /** Infinity without a limit. */
  readonly maxInFlight: number;
  readonly requestTimeoutMs: number;
  readonly shutdownDelayMs: number;
  readonly shutdownGraceMs: number;
}

export interface AuthenticationFlags {
  readonly kubeconfig?: string | undefined;
  readonly skipLookup: boolean;
  readonly tolerateLookupFailure: boolean;
  readonly tokenCacheMs: number;
  readonly clientCaFile?: string | undefined;
  readonly requestHeader: {
    readonly clientCaFile?: string | undefined;
    readonly allowedNames: readonly string[];
    readonly usernameHeaders: readonly string[];
    readonly uidHeaders: readonly string[];
    readonly groupHeaders: readonly string[];
    readonly extraPrefixes: readonly string[];
  };
}

export interface AuthorizationFlags {
  readonly kubeconfig?: string | undefined;
  readonly alwaysAllowPaths: readonly string[];
  readonly allowedCacheMs: number;
  readonly deniedCacheMs: number;
}

/** What the command line asks for: to be told something, or to serve. */
export type AdapterCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'serve';
      readonly flags: AdapterFlags;
      /** One line for each flag that was given and has no effect. */
      readonly warnings: readonly string[];
    };

/**
 * Reads the arguments of the adapter's container.
 * @throws UsageError on an unknown flag, a missing or malformed value, or no `--config`
 */
export function parseAdapterCommand(args: readonly string[]): AdapterCommand {
  const given = readFlags(args);
  const values = new Values(given);
  if (values.switch('help')) return { kind: 'help' };
  if (values.switch('version')) return { kind: 'version' };
  return { kind: 'serve', flags: adapterFlags(values), warnings: warningsOf(given) };
}

/**
 * The flags with which an adapter serves.
 * @throws UsageError as {@link parseAdapterCommand}
 */
export function parseAdapterArgs(args: readonly string[]): AdapterFlags {
  return adapterFlags(new Values(readFlags(args)));
}

function warningsOf(given: GivenFlags): readonly string[] {
  return FLAGS.flatMap(({ name, ignored }) =>
    ignored !== undefined && given.has(name) ? [`--${name} has no effect: ${ignored}`] : [],
  );
}

function adapterFlags(values: Values): AdapterFlags {
  const configPath = values.optional('config');
  if (configPath === undefined) {
    throw new UsageError('no metrics discovery configuration file specified (make sure to use --config)');
  }
  const metricsRelistIntervalMs = values.duration('metrics-relist-interval');
  return {
    ...prometheusFlags(values),
    configPath,
    metricsRelistIntervalMs,
    metricsMaxAgeMs: values.duration('metrics-max-age') || metricsRelistIntervalMs,
    listerKubeconfig: values.optional('lister-kubeconfig'),
    clientQps: positive(values.number('client-qps'), DEFAULT_QPS),
    clientBurst: positive(values.number('client-burst'), DEFAULT_BURST),
    discoveryIntervalMs: values.duration('discovery-interval') || 600_000,
    serving: servingFlags(values),
    authentication: authenticationFlags(values),
    authorization: {
      kubeconfig: values.optional('authorization-kubeconfig'),
      alwaysAllowPaths: values.strings('authorization-always-allow-paths'),
      allowedCacheMs: values.duration('authorization-webhook-cache-authorized-ttl'),
      deniedCacheMs: values.duration('authorization-webhook-cache-unauthorized-ttl'),
    },
    verbosity: values.number('v'),
  };
}

/** `DefaultQPS` and `DefaultBurst` of client-go (`rest/config.go`). */
const DEFAULT_QPS = 5;
const DEFAULT_BURST = 10;

/**
 * custom-metrics-apiserver gives client-go what is more than zero (`pkg/cmd/builder.go`), so that all else is client-go's
 * default; what client-go itself makes of a negative number, no limit, cannot be had with these flags.
 */
function positive(value: number, byDefault: number): number {
  return value > 0 ? value : byDefault;
}

type PrometheusFlag = Extract<keyof AdapterFlags, `prometheus${string}`>;

function prometheusFlags(values: Values): Pick<AdapterFlags, PrometheusFlag> {
  const inCluster = values.switch('prometheus-auth-incluster');
  const kubeconfig = values.optional('prometheus-auth-config');
  if (inCluster && kubeconfig !== undefined) {
    throw new UsageError(
      'may not use both in-cluster auth and an explicit kubeconfig at the same time: ' +
        'give --prometheus-auth-incluster or --prometheus-auth-config',
    );
  }
  return {
    prometheusUrl: values.string('prometheus-url'),
    prometheusVerb: values.oneOf('prometheus-verb', ['GET', 'POST']),
    prometheusHeaders: values.repeated('prometheus-header').map(header),
    prometheusTokenFile: values.optional('prometheus-token-file'),
    prometheusCaFile: values.optional('prometheus-ca-file'),
    prometheusClientCertFile: values.optional('prometheus-client-tls-cert-file'),
    prometheusClientKeyFile: values.optional('prometheus-client-tls-key-file'),
    prometheusAuthInCluster: inCluster,
    prometheusAuthConfig: kubeconfig,
    prometheusTimeoutMs: values.duration('prometheus-timeout'),
    prometheusConcurrency: values.number('prometheus-concurrency'),
  };
}

function servingFlags(values: Values): ServingFlags {
  const certFile = values.optional('tls-cert-file');
  const keyFile = values.optional('tls-private-key-file');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UsageError('adapter: --tls-cert-file and --tls-private-key-file go together');
  }
  return {
    bindAddress: values.string('bind-address'),
    securePort: values.number('secure-port'),
    certFile,
    keyFile,
    sniCertKeys: values.repeated('tls-sni-cert-key'),
    certDir: values.string('cert-dir'),
    minVersion: values.string('tls-min-version'),
    cipherSuites: values.strings('tls-cipher-suites'),
    http2: !values.switch('disable-http2') && !values.switch('disable-http2-serving'),
    maxStreams: values.number('http2-max-streams-per-connection') || 100,
    maxInFlight: values.number('max-requests-inflight') || Infinity,
    requestTimeoutMs: values.duration('request-timeout'),
    shutdownDelayMs: values.duration('shutdown-delay-duration'),
    shutdownGraceMs: values.duration('shutdown-grace-duration'),
  };
}

function authenticationFlags(values: Values): AuthenticationFlags {
  return {
    kubeconfig: values.optional('authentication-kubeconfig'),
    skipLookup: values.switch('authentication-skip-lookup'),
    tolerateLookupFailure: values.switch('authentication-tolerate-lookup-failure'),
    tokenCacheMs: values.duration('authentication-token-webhook-cache-ttl'),
    clientCaFile: values.optional('client-ca-file'),
    requestHeader: {
      clientCaFile: values.optional('requestheader-client-ca-file'),
      allowedNames: values.strings('requestheader-allowed-names'),
      usernameHeaders: values.strings('requestheader-username-headers'),
      uidHeaders: values.strings('requestheader-uid-headers'),
      groupHeaders: values.strings('requestheader-group-headers'),
      extraPrefixes: values.strings('requestheader-extra-headers-prefix'),
    },
  };
}

/** `NAME=VALUE`; upstream cuts at the first equals sign, and leaves out what has none. */
function header(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at <= 0)
    throw new UsageError(
      `adapter: --prometheus-header must be NAME=VALUE, is ${at < 0 ? 'without =' : 'without a name'}`,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}

const DEFAULTS: ReadonlyMap<string, string> = new Map(FLAGS.map((flag) => [flag.name, flag.default]));

/** Given values, and defaults where there are none; `readFlags` has checked their form. */
class Values {
  constructor(private readonly given: GivenFlags) {}

  string(name: string): string {
    return this.given.get(name)?.at(-1) ?? DEFAULTS.get(name) ?? '';
  }

  /** Upstream takes an empty value for none. */
  optional(name: string): string | undefined {
    return this.string(name) || undefined;
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word {
    const text = this.string(name);
    const word = words.find((known) => known === text);
    if (word !== undefined) return word;
    throw new UsageError(`adapter: --${name} must be ${words.join(' or ')}, is ${text}`);
  }

  repeated(name: string): readonly string[] {
    return this.given.get(name) ?? [];
  }

  strings(name: string): readonly string[] {
    return (this.given.get(name) ?? [DEFAULTS.get(name) ?? '']).flatMap((value) =>
      value.split(',').filter((word) => word !== ''),
    );
  }

  switch(name: string): boolean {
    return isTrue(this.string(name));
  }

  duration(name: string): number {
    return parseGoDuration(this.string(name));
  }

  number(name: string): number {
    return Number(this.string(name));
  }
}
