import { pathSegmentProblems } from '../../kube/name-syntax';
import { type RequestAttributes } from './authorization';
import { exactName } from './field-selector';
import { isTrue, parseListOptions } from './list-options';
import { type Query, type RequestTarget } from './request-target';

/** What the generic API server makes of method and path, before it looks for a handler (`request.RequestInfo`). */
export interface RequestInfo {
  readonly attributes: RequestAttributes;
  /** What follows the namespace, or the version: resource, name, subresource and more; none for other paths. */
  readonly parts: readonly string[];
}

const RESOURCE_VERBS: ReadonlyMap<string, string> = new Map([
  ['POST', 'create'],
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
]);
/** Path segments behind the version that are verbs, from times before subresources. */
const SPECIAL_VERBS: ReadonlySet<string> = new Set(['proxy', 'watch']);
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

/**
 * `RequestInfoFactory.NewRequestInfo` for a server of API groups only.
 * @returns nothing for a path that ends behind a verb, where upstream fails
 */
export function requestInfo(method: string, target: RequestTarget): RequestInfo | undefined {
  const segments = splitPath(target.path);
  const [prefix, group, version, ...rest] = segments;
  if (prefix === 'api' && segments.length >= 3) return resourceInfo(method, target, '', segments.slice(1));
  if (prefix !== 'apis' || group === undefined || version === undefined || rest.length === 0) {
    const attributes = { verb: method.toLowerCase(), path: target.path };
    return { attributes, parts: [] };
  }
  return resourceInfo(method, target, group, [version, ...rest]);
}

/** Slashes at the ends do not count, others separate segments even if nothing is between them. */
export function splitPath(path: string): string[] {
  const trimmed = path.replace(/^\/+/, '').replace(/(?<!\/)\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function resourceInfo(
  method: string,
  { query }: RequestTarget,
  group: string,
  [version = '', ...segments]: readonly string[],
): RequestInfo | undefined {
  const [first = ''] = segments;
  const special = SPECIAL_VERBS.has(first);
  if (special && segments.length < 2) return undefined;
  const path = special ? segments.slice(1) : segments;
  const { namespace, parts } = scopeOf(path);
  const [resource = '', named = '', subresource = ''] = parts;
  const verb = special ? first : (RESOURCE_VERBS.get(method) ?? '');
  const list = named === '' && verb === 'get' ? listInfo(query) : undefined;
  const attributes = {
    verb: list?.verb ?? (verb === 'delete' && named === '' ? 'deletecollection' : verb),
    group,
    version,
    resource,
    subresource: verb === 'proxy' ? '' : subresource,
    namespace,
    name: list?.name ?? named,
  };
  return { attributes, parts };
}

function scopeOf(path: readonly string[]): { readonly namespace: string; readonly parts: readonly string[] } {
  const [first, namespace, resource] = path;
  if (first !== 'namespaces' || namespace === undefined) return { namespace: '', parts: path };
  const inside = resource !== undefined && !NAMESPACE_SUBRESOURCES.has(resource);
  return { namespace, parts: inside ? path.slice(2) : path };
}

/** A list that its field selector narrows down to one name is authorized for that name. */
function listInfo(query: Query): { readonly verb: 'list' | 'watch'; readonly name: string } {
  const options = parseListOptions(query);
  const name = 'error' in options ? undefined : exactName(options.fields);
  return {
    verb: isTrue(query.first('watch')) ? 'watch' : 'list',
    name: name !== undefined && pathSegmentProblems(name).length === 0 ? name : '',
  };
}
