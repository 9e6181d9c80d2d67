/**
 * A Prometheus-compatible endpoint that rules read from: an entry of `plimsoll.sources` in the adapter's file, or what
 * upstream's flags say. Secrets are never in the file: they are in files that are read again when they change.
 */
export interface SourceSettings {
  /** Key in the file; `''` for the one of the flags, which rules use that name none. */
  readonly name: string;
  /** Base URL; `/api/v1/…` is joined to its path. */
  readonly url: string;
  /** POST sends a form, so that no URL gets too long; GET is what upstream does without a flag. */
  readonly verb: (typeof SOURCE_VERBS)[number];
  /** For one query. */
  readonly timeoutMs: number;
  /** Requests that may be in flight at a time. */
  readonly concurrency: number;
  /** Sent with each request; a header given several times is sent several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `X-Scope-OrgID`, as Mimir, Cortex and Loki have it. */
  readonly tenant?: string | undefined;
  readonly bearerTokenFile?: string | undefined;
  readonly basic?: { readonly username: string; readonly passwordFile: string } | undefined;
  readonly tls: SourceTls;
  /** Client credentials of OAuth 2.0 (RFC 6749, 4.4). */
  readonly oauth2?: OAuth2Settings | undefined;
  /** AWS Signature Version 4, with credentials from the environment of the pod. */
  readonly sigv4?: { readonly region: string; readonly service: string } | undefined;
  /** Path of a kubeconfig whose current context has credentials and authorities, where nothing else gives them. */
  readonly kubeconfig?: string | undefined;
  /** Asked without a proxy, whatever the environment says. */
  readonly withoutProxy?: true | undefined;
}

export interface SourceTls {
  /** Instead of the authorities that Node trusts. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** For SNI and verification, instead of the host of the URL. */
  readonly serverName?: string | undefined;
}

export interface OAuth2Settings {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecretFile: string;
  readonly scopes: readonly string[];
  /** Further parameters of the token request, such as `audience`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export const SOURCE_VERBS = ['GET', 'POST'] as const;

/** What holds for a source that does not say otherwise, the one of the flags included. */
export const DEFAULT_SOURCE = { verb: 'POST', timeoutMs: 30_000, concurrency: 16 } as const;
