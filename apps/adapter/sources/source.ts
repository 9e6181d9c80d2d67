import { messageOf } from '../../../core/errors';
import type { SourceSettings } from '../../../core/rules/sources';
import { authorizerOf } from './authorization';
import { Client, type Question } from './client';
import { configuredHeaders } from './configured-headers';
import { Connections } from './connections';
import { clockOf, type SourceDeps } from './deps';
import { Endpoint, labelPath, type Parameters } from './endpoint';
import { kubeconfigAccess, KubernetesTls } from './kubernetes';
import { SourceError, type NamesOutcome, type SourceFailure, type SourceOutcome } from './outcome';
import { noProxies, sourceProxies } from './proxies';
import { nameList, queryResult } from './results';
import { tlsFiles, tlsWithPublicAuthorities, type TlsFiles } from './tls-files';

const LISTING = 'listing of series';

/** A Prometheus-compatible endpoint. Nothing throws: what goes wrong is in the outcome. */
export interface PrometheusSource {
  /** Key of `plimsoll.sources`; `''` for the one of the flags. */
  readonly name: string;
  /**
   * An instant query.
   * @param atMs evaluation time, milliseconds since 1970
   * @param subject whose it is; one that is too slow holds up no other
   */
  query(text: string, atMs: number, signal: AbortSignal, subject?: string): Promise<SourceOutcome>;
  /** Names of the labels of series that a selector matches. @param startMs only of series with samples since then */
  labelNames(match: readonly string[], startMs: number, signal: AbortSignal): Promise<NamesOutcome>;
  /** Values of one label of those. */
  labelValues(
    label: string,
    match: readonly string[],
    startMs: number,
    signal: AbortSignal,
  ): Promise<NamesOutcome>;
  /** Ends what is under way, and closes all connections. */
  close(): Promise<void>;
}

/**
 * A client of an endpoint. Nothing is sent before the first question, and files are read when they are needed: a source
 * that cannot be used now may be later.
 * @throws UsageError for settings that cannot be: no URL, headers that HTTP does not allow, two kinds of credentials, a
 *   proxy that cannot be or is not one of HTTP
 */
export function createSource(settings: SourceSettings, deps: SourceDeps): PrometheusSource {
  const what = settings.name === '' ? 'Prometheus' : `source ${settings.name}`;
  const endpoint = new Endpoint(settings.url, what);
  const headers = configuredHeaders(settings, what);
  const connections = new Connections({
    tls: tlsOf(settings, what, deps),
    concurrency: settings.concurrency,
    proxies: settings.withoutProxy
      ? noProxies(endpoint.url, what, deps)
      : sourceProxies(endpoint.url, what, deps),
    proxyTls: tlsWithPublicAuthorities(settings.tls.caFile, what, deps),
  });
  return new HttpSource(
    settings,
    what,
    endpoint,
    new Client({
      settings,
      headers,
      authorizer: authorizerOf(settings, endpoint, headers, what, deps),
      connections,
      clock: clockOf(deps),
      deps,
    }),
  );
}

/** As upstream: files of the source are taken instead of a kubeconfig. */
function tlsOf({ tls, kubeconfig }: SourceSettings, what: string, deps: SourceDeps): TlsFiles {
  const own = tls.caFile ?? tls.certFile ?? tls.serverName;
  return own === undefined && kubeconfig !== undefined
    ? new KubernetesTls(kubeconfigAccess(kubeconfig, deps))
    : tlsFiles(tls, what, deps);
}

class HttpSource implements PrometheusSource {
  readonly name: string;

  constructor(
    private readonly settings: SourceSettings,
    private readonly what: string,
    private readonly endpoint: Endpoint,
    private readonly client: Client,
  ) {
    this.name = settings.name;
  }

  query(text: string, atMs: number, signal: AbortSignal, subject?: string): Promise<SourceOutcome> {
    const parameters = (remainingMs: number): Parameters => [
      ['query', text],
      ['time', seconds(atMs)],
      ['timeout', `${Math.max(1, Math.floor(remainingMs - marginMs(remainingMs)))}ms`],
    ];
    const target = (remainingMs: number) =>
      this.endpoint.target(this.settings.verb, '/api/v1/query', parameters(remainingMs));
    return this.outcome({ path: 'query', subject, target, read: queryResult }, signal);
  }

  labelNames(match: readonly string[], startMs: number, signal: AbortSignal): Promise<NamesOutcome> {
    const target = () => this.endpoint.target(this.settings.verb, '/api/v1/labels', since(match, startMs));
    return this.outcome({ path: 'labels', subject: LISTING, target, read: nameList }, signal);
  }

  labelValues(
    label: string,
    match: readonly string[],
    startMs: number,
    signal: AbortSignal,
  ): Promise<NamesOutcome> {
    const target = () => this.endpoint.target('GET', labelPath(label), since(match, startMs), true);
    return this.outcome({ path: 'values', subject: LISTING, target, read: nameList }, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async outcome<Result extends object>(
    question: Question<Result>,
    signal: AbortSignal,
  ): Promise<(Result & { readonly warnings?: readonly string[] }) | SourceFailure> {
    try {
      const { result, warnings } = await this.client.ask(question, signal);
      return warnings.length === 0 ? result : { ...result, warnings };
    } catch (error) {
      if (error instanceof SourceError) return error.failure(this.what);
      return { error: `${this.what}: ${messageOf(error)}`, unavailable: true };
    }
  }
}

/** By how much Prometheus is to give up before we do: its own word that a query is too slow says more than silence. */
function marginMs(remainingMs: number): number {
  return Math.min(Math.max(250, remainingMs / 10), remainingMs / 2);
}

function since(match: readonly string[], startMs: number): Parameters {
  return [...match.map((selector) => ['match[]', selector] as const), ['start', seconds(startMs)]];
}

/** Seconds with milliseconds, as Prometheus takes times. */
function seconds(ms: number): string {
  return (Math.round(ms) / 1_000).toFixed(3);
}
