import { messageOf } from '../../errors';
import { parseGoDuration } from '../../kube/duration';
import { type ApiStatus } from './api-status';
import { type RequestAttributes } from './authorization';
import { metricRoute } from './metric-route';
import { plainRoute } from './plain-route';
import { requestInfo } from './request-info';
import { parseTarget, type RequestTarget } from './request-target';
import { type RefusedRoute, type Routed, type RoutedCommon } from './routed';
import { badRequest, methodNotAllowed, pathNotFound } from './statuses';

const EXPLAIN = '/explain';

/**
 * What a request asks for, from its method and its target alone.
 *
 * Follows the generic API server and custom-metrics-apiserver 1.30: how they split the path, which paths they have,
 * what authorization is told (before it is known whether the path exists), which parameters they read, and what they
 * say of those that are wrong. `/explain` in front of the path of a metric asks for an explanation.
 * @param method of HTTP, as it was received
 * @param target of the request line, as it was received
 */
export function route(method: string, target: string): Routed {
  const parsed = parseTarget(target);
  if ('code' in parsed) {
    const reason = parsed.code === 400 ? 'BadRequest' : '';
    return { kind: 'refused', status: { code: parsed.code, reason, message: parsed.reason } };
  }
  if (method === 'CONNECT' || method === '') {
    return { kind: 'refused', status: methodNotAllowed() };
  }
  const explained = parsed.path.startsWith(`${EXPLAIN}/apis/`);
  const routed = routeTarget(
    method,
    explained ? { path: parsed.path.slice(EXPLAIN.length), query: parsed.query } : parsed,
  );
  return explained ? explanation(method, parsed, routed) : routed;
}

function explanation(method: string, target: RequestTarget, routed: Routed): Routed {
  switch (routed.kind) {
    case 'custom':
    case 'external':
    case 'pod-metrics':
    case 'node-metrics': {
      const { attributes, pretty, timeoutMs } = routed;
      return { kind: 'explain', of: routed, attributes, pretty, timeoutMs };
    }
    case 'refused':
      return routed;
    default:
      return refuse(pathNotFound(), { verb: method.toLowerCase(), path: target.path });
  }
}

function routeTarget(method: string, target: RequestTarget): Routed {
  const info = requestInfo(method, target);
  if (!info) {
    return {
      kind: 'refused',
      status: badRequest(`unable to determine kind and namespace from ${target.path}`),
    };
  }
  const { attributes } = info;
  const timeout = timeoutOf(target);
  if (typeof timeout !== 'object') return refuse(badRequest(timeout), attributes);
  const common: RoutedCommon = { attributes, pretty: prettyOf(target), ...timeout };
  return metricRoute(method, target, info, common) ?? plainRoute(method, target, common);
}

/** `parseTimeout` of the API server's request deadline. Nothing or nought is no limit of the client's. */
function timeoutOf({ query }: RequestTarget): string | { readonly timeoutMs?: number } {
  const text = query.first('timeout') ?? '';
  if (text === '') return {};
  try {
    const timeoutMs = parseGoDuration(text);
    return timeoutMs > 0 ? { timeoutMs } : {};
  } catch (error) {
    return `invalid timeout specified in the request URL - ${messageOf(error)}`;
  }
}

/** What Go's `strconv.ParseBool` makes of the parameter; nonsense is no. */
function prettyOf({ query }: RequestTarget): boolean | undefined {
  const text = query.first('pretty') ?? '';
  return text === '' ? undefined : ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}

function refuse(status: ApiStatus, attributes: RequestAttributes): RefusedRoute {
  return { kind: 'refused', status, attributes };
}
