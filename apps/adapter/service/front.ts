import type { AdapterFlags } from '../../../core/adapter';
import { type Routed } from '../../../core/adapter/api';
import type { Logger } from '../../runtime';
import {
  DelegatedAuthenticator,
  DelegatedAuthorizer,
  FailureLimiter,
  realPause,
  TokenReviews,
  type AskedResult,
  type AuthenticationConfigSource,
} from '../auth';
import {
  AdapterHttpServer,
  DEFAULT_LIMITS,
  tlsPolicy,
  type AnsweredRequest,
  type ServingMaterial,
} from '../server';
import { AdapterApi } from './adapter-api';
import type { Backend } from './backend';
import type { ClusterClients } from './cluster-clients';
import { Documents } from './documents';
import { Explanations } from './explanations';
import { Health, type HealthCheck } from './health';
import { MetricValues } from './metric-values';
import { RESOURCE_RULES } from './prepared-usage';
import { RememberedRoutes } from './remembered-routes';
import { UsageValues } from './usage-values';
import { versionInfo } from './version-info';

export interface FrontProps {
  readonly flags: AdapterFlags;
  readonly logger: Logger;
  readonly version: string;
  readonly clients: ClusterClients;
  readonly backend: Backend;
  readonly trust: AuthenticationConfigSource;
  readonly checks: () => readonly HealthCheck[];
}

/** Failures of strangers: a hundred in ten seconds are no mistake any more. */
const FAILURES = { failures: 100, windowMs: 10_000 };
const { now, random } = { now: Date.now, random: Math.random };

/** The server of the adapter: who gets in, and what is answered. */
export class Front {
  private readonly api: AdapterApi;
  private material: Partial<ServingMaterial> = {};
  private server: AdapterHttpServer<Routed> | undefined;

  constructor(private readonly props: FrontProps) {
    this.api = createApi(props);
  }

  /**
   * Shows these certificates from now on.
   * @throws UsageError if one cannot be used; then nothing has changed
   */
  show(changed: Partial<ServingMaterial>): void {
    const material = { ...this.material, ...changed };
    // What cannot be shown is forgotten, so that it does not keep what comes after it from being shown.
    this.server?.setMaterial(whole(material));
    this.material = material;
  }

  /**
   * @returns the port; undefined if the flags say that nothing is served
   * @throws UsageError if the port cannot be had or a certificate cannot be used
   */
  async listen(): Promise<number | undefined> {
    const { bindAddress, securePort } = this.props.flags.serving;
    if (securePort === 0) return undefined;
    const server = this.createServer();
    this.server = server;
    this.props.backend.telemetry.observeInFlight(() => server.inFlight);
    return server.listen(bindAddress, securePort);
  }

  /** From now on clients are told to go elsewhere with their next request. */
  dismiss(): void {
    this.server?.dismiss();
  }

  /** Once; then there is nothing left to stop. @returns how many requests were cut off */
  async stop(): Promise<number> {
    const { server } = this;
    this.server = undefined;
    return (await server?.stop(this.props.flags.serving.shutdownGraceMs)) ?? 0;
  }

  private createServer(): AdapterHttpServer<Routed> {
    const { flags, logger } = this.props;
    const { serving } = flags;
    const failures = new FailureLimiter(FAILURES, now);
    const routes = new RememberedRoutes();
    return new AdapterHttpServer<Routed>({
      ...{ failures, logger, now: () => performance.now(), ...this.delegates(failures) },
      route: (method, target) => routes.route(method, target),
      handler: (call) => this.api.handle(call),
      limits: {
        ...DEFAULT_LIMITS,
        inFlight: serving.maxInFlight,
        requestMs: serving.requestTimeoutMs,
        http2: { ...DEFAULT_LIMITS.http2, streams: serving.maxStreams },
      },
      tls: whole(this.material),
      policy: tlsPolicy(serving.minVersion, serving.cipherSuites),
      http2: serving.http2 ? 'accepted' : 'off',
      onAnswered: (answered) => this.answered(answered),
    });
  }

  /** Whom the API server lets in, and to what. */
  private delegates(failures: FailureLimiter) {
    const { flags, clients, trust } = this.props;
    const { authentication, authorization } = flags;
    const { authCache } = this.props.backend.telemetry;
    const asking = { pause: realPause, random, now };
    const onAsked = (cache: string) => (result: AskedResult) => authCache.inc({ cache, result });
    const tokens = new TokenReviews({
      ...{ ...asking, poster: clients.authentication, cacheMs: authentication.tokenCacheMs },
      onAsked: onAsked('authentication'),
    });
    return {
      authenticator: new DelegatedAuthenticator({ config: trust, tokens, failures, now }),
      authorizer: new DelegatedAuthorizer({
        ...{ ...asking, poster: clients.authorization, onAsked: onAsked('authorization') },
        openPaths: authorization.alwaysAllowPaths,
        allowedMs: authorization.allowedCacheMs,
        deniedMs: authorization.deniedCacheMs,
      }),
    };
  }

  private answered(request: AnsweredRequest): void {
    const { backend, logger } = this.props;
    backend.telemetry.answered(request);
    const { method, target, status, seconds, user } = request;
    logger.debug('answered', { method, target, status, seconds, user: user?.name });
  }
}

function createApi({ flags, logger, version, backend, checks }: FrontProps): AdapterApi {
  const { knowledge, queries, sources, cluster } = backend;
  const registry = () => knowledge.registry;
  const { objects } = cluster;
  const onSampleAge = (rule: string, ms: number) =>
    backend.telemetry.sampleAge.observe({ rule }, Math.max(0, ms) / 1000);
  const usage = new UsageValues({ queries, now, objects, onSampleAge });
  const explanations = new Explanations({
    ...{ registry, now, usage, objects, maxAgeMs: flags.metricsMaxAgeMs },
    source: (name) => sources.get(name),
  });
  return new AdapterApi({
    ...{ registry, now, logger, usage },
    documents: new Documents(registry, version),
    metrics: new MetricValues({
      ...{ registry, queries, now, objects, onSampleAge },
      look: () => backend.lookForMetrics(),
    }),
    health: new Health(checks),
    explain: (explained, signal) => explanations.explain(explained, signal),
    telemetry: () => backend.exposition(),
    version: versionInfo(version),
    onFailure: (failed, status) => backend.countFailure(failed, status),
    onUsageFailure: (reason) => backend.telemetry.ruleErrors.inc({ rule: RESOURCE_RULES, reason }),
  });
}

function whole({ certificate, named = [] }: Partial<ServingMaterial>): ServingMaterial {
  if (!certificate) throw new TypeError('there is no serving certificate');
  return { certificate, named };
}
