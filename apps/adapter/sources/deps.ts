import type { Logger } from '../../runtime';

/** One HTTP request to a source; a query that is tried again is several. */
export interface SourceRequest {
  /** Name of the source. */
  readonly source: string;
  readonly path: 'query' | 'labels' | 'values';
  /** From the request to the end of the answer, without the time in the queue. */
  readonly seconds: number;
  /** Of HTTP; `error` without a whole answer. */
  readonly status: number | 'error';
}

/** Time and chance, which tests make up. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** Calls back once after so many milliseconds. @returns what prevents that */
  after(ms: number, callback: () => void): () => void;
}

/** What a kubeconfig lets one in with; PEM where it is of TLS. As `apps/kube-api` reads it. */
export interface KubernetesCredentials {
  readonly token?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly ca?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  readonly serverName?: string;
}

/** Reads credentials as they are at the moment. */
export interface KubernetesAccess {
  credentials(): Promise<KubernetesCredentials>;
}

/** What a source works with. */
export interface SourceDeps extends Pick<Clock, 'now'>, Partial<Pick<Clock, 'random' | 'after'>> {
  readonly logger: Logger;
  observe(request: SourceRequest): void;
  /** Environment of the process: only proxies are looked for. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Opens the kubeconfig that settings name. */
  readonly kubeconfig?: (path: string) => KubernetesAccess;
  /** Longest answer that is read; 16 MiB unless it is said. */
  readonly answerBytes?: number;
}

/** Timers of the process; they keep it alive, since somebody waits for what they end. */
export function clockOf({ now, random, after }: SourceDeps): Clock {
  return {
    now,
    random: random ?? Math.random,
    after:
      after ??
      ((ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      }),
  };
}
