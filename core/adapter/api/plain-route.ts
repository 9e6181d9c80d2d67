import { groupOfPath, versionsOf } from './groups';
import { type RequestTarget } from './request-target';
import { splitPath } from './request-info';
import { type HealthRoute, type Routed, type RoutedCommon } from './routed';
import { methodNotAllowed, pathNotFound } from './statuses';

const HEALTH_CHECKS = ['healthz', 'livez', 'readyz'] as const;
const OPENAPI_V3 = '/openapi/v3';

/**
 * Every path that is no metric's: discovery, documents and what operators read. HEAD is as good as GET but for
 * discovery and the version, as upstream; other than there, no other method is.
 */
export function plainRoute(method: string, target: RequestTarget, common: RoutedCommon): Routed {
  const discovery = discoveryRoute(target.path, common);
  const found = discovery ?? otherRoute(target, common);
  const { attributes, pretty } = common;
  if (!found) return { kind: 'refused', status: pathNotFound(), attributes, pretty };
  const allowed = method === 'GET' || (method === 'HEAD' && !discovery);
  return allowed ? found : { kind: 'refused', status: methodNotAllowed(), attributes, pretty };
}

/** What go-restful serves; slashes at the end do not matter to it. */
function discoveryRoute(path: string, common: RoutedCommon): Routed | undefined {
  if (path === '/apis' || path === '/apis/') return { kind: 'groups', ...common };
  if (path === '/version' || path.startsWith('/version/')) {
    return splitPath(path).length === 1 ? { kind: 'version', ...common } : undefined;
  }
  const group = groupOfPath(path);
  if (group === undefined) return undefined;
  const [, , version, ...rest] = splitPath(path);
  if (version === undefined) return { kind: 'group', group, ...common };
  const served = rest.length === 0 && versionsOf(group).includes(version);
  return served ? { kind: 'resources', group, version, ...common } : undefined;
}

/** What has its path exactly. */
function otherRoute({ path, query }: RequestTarget, common: RoutedCommon): Routed | undefined {
  switch (path) {
    case '/':
    case '/index.html':
      return { kind: 'paths', ...common };
    case '/metrics':
      return { kind: 'metrics', ...common };
    case '/openapi/v2':
      return { kind: 'openapi-v2', ...common };
    case OPENAPI_V3:
      return { kind: 'openapi-v3', ...common };
  }
  if (path.startsWith(`${OPENAPI_V3}/`)) {
    const document = path.slice(OPENAPI_V3.length + 1);
    return { kind: 'openapi-v3', document, hash: query.first('hash'), ...common };
  }
  return healthRoute({ path, query }, common);
}

function healthRoute({ path, query }: RequestTarget, common: RoutedCommon): HealthRoute | undefined {
  const check = HEALTH_CHECKS.find((name) => path === `/${name}` || path.startsWith(`/${name}/`));
  if (!check) return undefined;
  const part = path === `/${check}` ? undefined : path.slice(check.length + 2);
  if (part === '') return undefined;
  const verbose = query.all('verbose').length > 0;
  return { kind: 'health', check, part, verbose, exclude: query.all('exclude'), ...common };
}
