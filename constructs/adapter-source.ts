import { UsageError } from '../core/errors';
import { type ServicePort } from './port';

/** Where the adapter finds the Secrets that its sources name: a folder for each. */
export const SECRETS_FOLDER = '/etc/adapter-secrets';

/** A key of a Secret in the adapter's namespace, which must be there before the adapter starts. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

/** How the adapter speaks to an endpoint; `docs/adapter.md` has the defaults and what each means. */
interface SourceOptions {
  readonly verb?: 'GET' | 'POST';
  /** For one query; Prometheus notation. */
  readonly timeout?: string;
  /** Requests in flight at a time. */
  readonly concurrency?: number;
  /** Sent with each request; nothing secret, as they stand in a ConfigMap. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `X-Scope-OrgID`. */
  readonly tenant?: string;
  readonly bearerToken?: SecretKey;
  readonly basic?: { readonly username: string; readonly password: SecretKey };
  readonly tls?: {
    readonly ca?: SecretKey;
    readonly certificate?: SecretKey;
    readonly key?: SecretKey;
    readonly serverName?: string;
  };
  readonly oauth2?: {
    readonly tokenUrl: string;
    readonly clientId: string;
    readonly clientSecret: SecretKey;
    readonly scopes?: readonly string[];
    readonly parameters?: Readonly<Record<string, string>>;
  };
  /** With the credentials that the pod's ServiceAccount or environment has. */
  readonly sigv4?: { readonly region: string; readonly service?: string };
}

/** A Prometheus-compatible endpoint: a Service of the cluster, or a URL somewhere else. */
export type AdapterSourceProps = SourceOptions &
  (
    | {
        readonly service: ServicePort;
        /** Before `/api/v1`, such as `/prometheus`. */
        readonly path?: string;
      }
    | { readonly url: string }
  );

/** An endpoint that rules read from instead of the one that all adapters have. `AdapterRules.source` makes it. */
export class AdapterSource {
  constructor(
    /** Key in the adapter's file. */
    readonly name: string,
    private readonly props: AdapterSourceProps,
  ) {}

  /** Pods behind the endpoint, or ports of addresses outside the cluster: what the adapter must be able to reach. */
  get peers(): readonly (ServicePort | number)[] {
    const { props } = this;
    return [
      'service' in props ? props.service : portOf(props.url, `source ${this.name}`),
      ...(props.oauth2 ? [portOf(props.oauth2.tokenUrl, `source ${this.name}: tokenUrl`)] : []),
    ];
  }

  /** Names of the Secrets whose keys it needs as files. */
  get secrets(): readonly string[] {
    const { bearerToken, basic, tls, oauth2 } = this.props;
    const keys = [bearerToken, basic?.password, tls?.ca, tls?.certificate, tls?.key, oauth2?.clientSecret];
    return [...new Set(keys.flatMap((key) => (key ? [key.secret] : [])))];
  }

  /** Its entry in `plimsoll.sources`. */
  get entry(): unknown {
    const { props } = this;
    const { verb, timeout, concurrency, headers, tenant, bearerToken, basic, tls, oauth2, sigv4 } = props;
    return given({
      url: 'service' in props ? `${props.service.url}${props.path ?? ''}` : props.url,
      ...{ verb, timeout, concurrency, headers, tenant, sigv4 },
      bearerTokenFile: file(bearerToken),
      basic: basic && { username: basic.username, passwordFile: file(basic.password) },
      tls:
        tls &&
        given({
          caFile: file(tls.ca),
          certFile: file(tls.certificate),
          keyFile: file(tls.key),
          serverName: tls.serverName,
        }),
      oauth2:
        oauth2 &&
        given({
          tokenUrl: oauth2.tokenUrl,
          clientId: oauth2.clientId,
          clientSecretFile: file(oauth2.clientSecret),
          scopes: oauth2.scopes,
          parameters: oauth2.parameters,
        }),
    });
  }
}

function file(key: SecretKey | undefined): string | undefined {
  return key && `${SECRETS_FOLDER}/${key.secret}/${key.key}`;
}

/** YAML writers would write what is undefined as null. */
function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function portOf(url: string, what: string): number {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new UsageError(
      `${what}: "${url}" must be a URL with http or https, such as https://mimir.example.com`,
    );
  }
  return Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80);
}
