import type { AdapterFlags } from '../../../core/adapter';
import { UsageError } from '../../../core/errors';
import { ApiClient, inClusterAccess, kubeconfigAccess, RequestRate, type ApiAccess } from '../../kube-api';
import { proxyFromEnvironment, type Proxies } from '../../proxy';
import type { Logger } from '../../runtime';

/** Requests a second for reviews, as `k8s.io/apiserver` has them for its delegates. */
const REVIEWS = { qps: 200, burst: 400 };

/** Clients of the Kubernetes API, one for each purpose that flags can give credentials of its own. */
export class ClusterClients {
  private constructor(
    /** For objects, discovery, the Secret and APIServices. */
    readonly objects: ApiClient,
    /** For TokenReviews and the ConfigMap of whom to believe. */
    readonly authentication: ApiClient,
    /** For SubjectAccessReviews. */
    readonly authorization: ApiClient,
  ) {}

  /** @throws UsageError if a kubeconfig cannot be used, or there is none and this is no pod */
  static async create(
    flags: AdapterFlags,
    environment: Readonly<Record<string, string | undefined>>,
    logger: Logger,
  ): Promise<ClusterClients> {
    const accessOf = async (flag: string, kubeconfig: string | undefined): Promise<ApiAccess> => {
      if (kubeconfig === undefined) return podAccess(flag, environment);
      const onProblem = (message: string) =>
        logger.warn('kubeconfig cannot be read again', { cause: message });
      return kubeconfigAccess(kubeconfig, { onProblem });
    };
    const proxies = apiProxies(environment, logger);
    const client = (access: ApiAccess, { qps, burst }: { readonly qps: number; readonly burst: number }) => {
      // A variable that is no good is told at the start.
      proxies(access.url);
      const rate = new RequestRate(qps, burst);
      return new ApiClient(access, { userAgent: 'plimsoll-adapter', rate, proxies });
    };
    const own = { qps: flags.clientQps, burst: flags.clientBurst };
    const { authentication, authorization } = flags;
    return new ClusterClients(
      client(await accessOf('lister-kubeconfig', flags.listerKubeconfig), own),
      client(await accessOf('authentication-kubeconfig', authentication.kubeconfig), REVIEWS),
      client(await accessOf('authorization-kubeconfig', authorization.kubeconfig), REVIEWS),
    );
  }

  close(): void {
    for (const client of [this.objects, this.authentication, this.authorization]) client.close();
  }
}

/** Proxies as client-go takes them from the environment; each is told once. */
function apiProxies(environment: Readonly<Record<string, string | undefined>>, logger: Logger): Proxies {
  const told = new Set<string>();
  return (url) => {
    const proxy = proxyFromEnvironment(url, environment);
    if (proxy && !told.has(proxy.variable)) {
      told.add(proxy.variable);
      logger.info(`the API server is asked through the proxy of ${proxy.variable}`, { proxy: proxy.shown });
    }
    return proxy;
  };
}

/** @throws UsageError outside a pod, where each client needs a kubeconfig of its own */
function podAccess(flag: string, environment: Readonly<Record<string, string | undefined>>): ApiAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (host === undefined || port === undefined) {
    throw new UsageError(
      `--${flag} is not given, and this is no pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; ` +
        'name a kubeconfig file, also of http://127.0.0.1:8001 with kubectl proxy',
    );
  }
  return inClusterAccess({ host, port });
}
