import { Selector } from '../../kube/selector';
import { type GroupResource } from '../../rules';
import { type ApiStatus } from './api-status';
import { type ResourceAttributes } from './authorization';
import { exactName, objectFields } from './field-selector';
import { type ListOptions, listOptionProblems, parseListOptions, parseSelector } from './list-options';
import { groupOfPath } from './groups';
import { type RequestInfo, splitPath } from './request-info';
import { type RequestTarget } from './request-target';
import {
  type CustomRoute,
  type FieldSelector,
  type MetricRoute,
  type RefusedRoute,
  type RoutedCommon,
} from './routed';
import { badRequest, invalidListOptions, methodNotAllowed, verbNotSupported } from './statuses';

type Outcome = MetricRoute | RefusedRoute;

/** A path below a version of a served group, taken apart. */
interface MetricPath {
  readonly target: RequestTarget;
  readonly info: RequestInfo;
  readonly attributes: ResourceAttributes;
  readonly common: RoutedCommon;
  /** Segments behind the version. */
  readonly segments: readonly string[];
}

/**
 * The requests for values.
 * @returns nothing for a path that is not below a version of a metrics group
 */
export function metricRoute(
  method: string,
  target: RequestTarget,
  info: RequestInfo,
  common: RoutedCommon,
): Outcome | undefined {
  const { attributes } = info;
  const group = groupOfPath(target.path);
  if (group === undefined || !('resource' in attributes)) return undefined;
  const [, , version = '', ...segments] = splitPath(target.path);
  const path: MetricPath = { target, info, attributes, common, segments };
  const isVersion = version === 'v1beta1' || version === 'v1beta2';
  if (group === 'custom.metrics.k8s.io' && isVersion && isCustomPath(segments)) {
    return method === 'GET' ? customRoute(path, version) : refuse(methodNotAllowed(), common);
  }
  if (version === 'v1beta1' && group === 'external.metrics.k8s.io' && isExternalPath(segments)) {
    return method === 'GET' ? externalRoute(path) : refuse(methodNotAllowed(), common);
  }
  const resource = version === 'v1beta1' && group === 'metrics.k8s.io' ? usageResource(segments) : undefined;
  if (!resource) return undefined;
  return method === 'GET' ? usageRoute(path, resource) : refuse(methodNotAllowed(), common);
}

/** `RESOURCE/NAME/METRIC`, `namespaces/NAMESPACE/RESOURCE/NAME/METRIC`, `namespaces/NAMESPACE/metrics/METRIC`. */
function isCustomPath(segments: readonly string[]): boolean {
  if (segments.length === 3) return true;
  if (segments[0] !== 'namespaces') return false;
  return segments.length === 5 || (segments.length === 4 && segments[2] === 'metrics');
}

function isExternalPath(segments: readonly string[]): boolean {
  return segments.length === 3 && segments[0] === 'namespaces';
}

/** The resource of a path of `metrics.k8s.io`: `nodes`, `pods`, `namespaces/NAMESPACE/pods`, and names behind them. */
function usageResource(segments: readonly string[]): 'pods' | 'nodes' | undefined {
  const [first, , third] = segments;
  if (first === 'namespaces' && third === 'pods' && segments.length <= 4) return 'pods';
  if (first === 'nodes' && segments.length <= 2) return 'nodes';
  return first === 'pods' && segments.length === 1 ? 'pods' : undefined;
}

/** `ListResourceWithOptions` of custom-metrics-apiserver, up to the provider. */
function customRoute(path: MetricPath, version: 'v1beta1' | 'v1beta2'): Outcome {
  const { target, info, common } = path;
  const described = describedObject(path.attributes, info.parts);
  if (!described) return refuse(badRequest('invalid request path'), common);
  const options = parseListOptions(target.query);
  if ('error' in options) return refuse(badRequest(options.error), common);
  const name = selectedName(options, described.name);
  if (typeof name !== 'string') return refuse(badRequest(name.error), common);
  const metricSelector = parseSelector(target.query.first('metricLabelSelector') ?? '');
  if ('error' in metricSelector) {
    return refuse({ code: 500, reason: '', message: metricSelector.error }, common);
  }
  return {
    kind: 'custom',
    version,
    groupResource: described.groupResource,
    namespace: orNothing(described.namespace),
    name: name === '' ? '*' : name,
    objectSelector: selectorOrNothing(options.labelSelector),
    metric: described.metric,
    metricSelector,
    ...common,
  };
}

interface Described extends Pick<CustomRoute, 'groupResource' | 'metric' | 'name'> {
  /** `''` outside namespaces. */
  readonly namespace: string;
}

/**
 * What the metric is of. Whatever is asked for of the resource `metrics` in a namespace is a metric of that namespace,
 * and then not in one.
 * @returns nothing if the path is too short for that
 */
function describedObject(
  { resource, subresource, namespace, name }: ResourceAttributes,
  parts: readonly string[],
): Described | undefined {
  if (namespace !== '' && resource === 'metrics') {
    const groupResource = { group: '', resource: 'namespaces' };
    return parts.length < 2 ? undefined : { groupResource, namespace: '', name: namespace, metric: name };
  }
  if (parts.length < 3) return undefined;
  return { groupResource: parseGroupResource(resource), namespace, name, metric: subresource };
}

/** `schema.ParseGroupResource`: the group stands behind the first dot. */
function parseGroupResource(text: string): GroupResource {
  const dot = text.indexOf('.');
  return dot < 0
    ? { group: '', resource: text }
    : { group: text.slice(dot + 1), resource: text.slice(0, dot) };
}

/** The name of the path, or that of the field selector; they must not contradict each other. */
function selectedName(options: ListOptions, name: string): string | { readonly error: string } {
  const fields = objectFields(options.fields);
  if ('error' in fields) return fields;
  const exact = exactName(options.fields);
  if (name === '') return exact ?? '';
  return fields.length === 0 || exact === name
    ? name
    : { error: "fieldSelector metadata.name doesn't match requested name" };
}

function externalRoute(path: MetricPath): Outcome {
  const { attributes, common } = path;
  const list = listOf(path, attributes.name);
  if ('kind' in list) return list;
  if (list.options.watch) {
    return refuse(verbNotSupported({ group: attributes.group, resource: '*' }, 'watch'), common);
  }
  const { namespace, resource: metric } = attributes;
  return { kind: 'external', namespace, metric, selector: list.options.labelSelector, ...common };
}

function usageRoute(path: MetricPath, resource: 'pods' | 'nodes'): Outcome {
  const { attributes, info, common } = path;
  const named = info.parts[1] ?? '';
  if (named !== '') return namedUsage(path, resource, named);
  const list = listOf(path, attributes.name);
  if ('kind' in list) return list;
  const { options, fields } = list;
  if (options.watch) return refuse(verbNotSupported({ group: attributes.group, resource }, 'watch'), common);
  const includeObject = path.target.query.first('includeObject');
  const selected = { selector: options.labelSelector, fields, includeObject };
  if (resource === 'nodes') return { kind: 'node-metrics', ...selected, ...common };
  return { kind: 'pod-metrics', namespace: orNothing(attributes.namespace), ...selected, ...common };
}

/** A request for one object looks at no selector. */
function namedUsage(
  { attributes, common, target }: MetricPath,
  resource: 'pods' | 'nodes',
  name: string,
): Outcome {
  const includeObject = target.query.first('includeObject');
  const selected = { name, selector: Selector.everything, fields: [], includeObject };
  if (resource === 'nodes') return { kind: 'node-metrics', ...selected, ...common };
  return { kind: 'pod-metrics', namespace: orNothing(attributes.namespace), ...selected, ...common };
}

/** `ListResource` of the API server, up to the storage. @param name that the request is authorized for */
function listOf(
  { target, common }: MetricPath,
  name: string,
): { readonly options: ListOptions; readonly fields: FieldSelector } | RefusedRoute {
  const options = parseListOptions(target.query);
  if ('error' in options) return refuse(badRequest(options.error), common);
  const problems = options.watch ? [] : listOptionProblems(target.query);
  if (problems.length > 0) return refuse(invalidListOptions(problems), common);
  const selected = selectedName(options, name);
  const fields = objectFields(options.fields);
  if (typeof selected !== 'string') return refuse(badRequest(selected.error), common);
  if ('error' in fields) return refuse(badRequest(fields.error), common);
  return { options, fields };
}

function selectorOrNothing(selector: Selector): Selector | undefined {
  return selector.empty ? undefined : selector;
}

function orNothing(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function refuse(status: ApiStatus, { attributes, pretty }: RoutedCommon): RefusedRoute {
  return { kind: 'refused', status, attributes, pretty };
}
