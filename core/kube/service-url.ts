import { BUILT_IN_NAMESPACES, namespaceOf, type Inventory } from './inventory';

/** Where an in-cluster URL such as `http://prometheus.monitoring.svc:9090/` leads. */
export interface ServiceAddress {
  readonly scheme: 'http' | 'https';
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  readonly path: string;
}

/** A URL that leads to no Service. */
export interface NoService {
  /** What it does instead, as the rest of a sentence that begins with the URL. */
  readonly reason: string;
  /** Whether something may be there all the same, which is not known. */
  readonly outside: boolean;
}

/** The domain that clusters have unless their kubelets are told another. */
const CLUSTER_DOMAIN = 'cluster.local';
const URL_PARTS = /^(https?):\/\/([a-z0-9.-]+?)(\.?)(?::(\d+))?(\/.*)?$/i;

/**
 * Where a URL leads that a pod uses. A host is looked up as a pod's resolver does, with the search domains
 * `NAMESPACE.svc.DOMAIN`, `svc.DOMAIN` and `DOMAIN`: a Service is `name`, `name.namespace`, `name.namespace.svc` or
 * `name.namespace.svc.DOMAIN`, and after a final dot only the last. A `name.namespace` or another domain may as well be
 * of the internet: it is of the cluster if the objects have such a Service or such a namespace.
 *
 * @param fromNamespace namespace of the pod
 */
export function resolveServiceUrl(
  url: string,
  fromNamespace: string,
  inventory: Inventory,
): ServiceAddress | NoService {
  const [, scheme = '', host = '', finalDot = '', port, path = '/'] = URL_PARTS.exec(url) ?? [];
  if (host === '') return { reason: 'is no URL of the form http://HOST:PORT/PATH', outside: false };
  const secure = scheme.toLowerCase() === 'https';
  const found = lookUp(host.toLowerCase(), finalDot !== '', fromNamespace, inventory);
  if (!found) return { reason: whereElse(host.toLowerCase()), outside: true };
  return {
    scheme: secure ? 'https' : 'http',
    ...found,
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    path,
  };
}

type Place = Pick<ServiceAddress, 'namespace' | 'service'>;

function lookUp(
  host: string,
  complete: boolean,
  fromNamespace: string,
  inventory: Inventory,
): Place | undefined {
  const [service = '', namespace, svc, ...domain] = host.split('.');
  if (complete && domain.length === 0) return undefined;
  if (namespace === undefined) {
    return service === 'localhost' ? undefined : { namespace: fromNamespace, service };
  }
  const place = { namespace, service };
  if (svc === undefined) return exists(place, inventory) || isKnown(namespace, inventory) ? place : undefined;
  if (svc !== 'svc') return undefined;
  const isOwn = domain.length === 0 || domain.join('.') === CLUSTER_DOMAIN;
  return isOwn || exists(place, inventory) ? place : undefined;
}

function exists({ namespace, service }: Place, { services }: Inventory): boolean {
  return services.some((each) => each.metadata.name === service && namespaceOf(each) === namespace);
}

function isKnown(name: string, { namespaces, objects }: Inventory): boolean {
  return (
    BUILT_IN_NAMESPACES.includes(name) ||
    namespaces.some(({ metadata }) => metadata.name === name) ||
    objects.some(({ metadata }) => metadata.namespace === name)
  );
}

function whereElse(host: string): string {
  if (host === 'localhost') return 'leads to the pod itself';
  if (/^\d+(\.\d+){3}$/.test(host)) return 'leads to an address, not to a Service by its name';
  if (/\.svc(\.cluster\.local)?$/.test(host)) return 'names something of the cluster that is no Service';
  const [service, namespace, ...others] = host.split('.');
  return namespace === undefined || others.length > 0
    ? 'leads out of the cluster'
    : `leads out of the cluster: it has no Service ${service} in a namespace ${namespace}`;
}
