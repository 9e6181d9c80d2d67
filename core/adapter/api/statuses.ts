import { goQuote } from '../../kube/go-quote';
import { type GroupResource, groupResourceText } from '../../rules';
import { type ApiStatus, type StatusCause } from './api-status';
import { type RequestAttributes } from './authorization';
import { type OptionProblem } from './list-options';

/**
 * The failures that the generic API server itself answers with, in its words (`k8s.io/apimachinery/pkg/api/errors`,
 * `responsewriters`). Failures of metrics are in `core/adapter/status`.
 */

/** 400: a parameter that cannot be read. */
export function badRequest(message: string): ApiStatus {
  return { code: 400, reason: 'BadRequest', message };
}

/** 401: who asks is not known, and has to be. */
export function unauthorized(): ApiStatus {
  return { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
}

/**
 * 403.
 * @param reason what the authorizer said, `''` if nothing
 */
export function forbidden(user: string, attributes: RequestAttributes, reason: string): ApiStatus {
  const words = withoutMarkup(forbiddenText(user, attributes)) + (reason === '' ? '' : `: ${reason}`);
  if (!('resource' in attributes)) {
    return { code: 403, reason: 'Forbidden', message: `forbidden: ${words}`, details: {} };
  }
  const { group, resource, name } = attributes;
  const text = groupResourceText({ group, resource });
  const object = name === '' ? text : `${text} ${goQuote(name)}`;
  const details = { name, group, kind: resource };
  return { code: 403, reason: 'Forbidden', message: `${object} is forbidden: ${words}`, details };
}

function forbiddenText(user: string, attributes: RequestAttributes): string {
  const { verb } = attributes;
  const subject = `User ${goQuote(user)} cannot ${verb}`;
  if (!('resource' in attributes)) return `${subject} path ${goQuote(attributes.path)}`;
  const { group, resource, subresource, namespace } = attributes;
  const what = goQuote(subresource === '' ? resource : `${resource}/${subresource}`);
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return `${subject} resource ${what} in API group ${goQuote(group)} ${scope}`;
}

/** Errors must not look like HTML; quotes may. */
function withoutMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** 404: nothing has that path. */
export function pathNotFound(): ApiStatus {
  const message = 'the server could not find the requested resource';
  return { code: 404, reason: 'NotFound', message, details: {} };
}

/** 404: the resource is served and has no object of that name. */
export function objectNotFound({ group, resource }: GroupResource, name: string): ApiStatus {
  const message = `${groupResourceText({ group, resource })} ${goQuote(name)} not found`;
  return { code: 404, reason: 'NotFound', message, details: { name, group, kind: resource } };
}

/** 405: the path has no such method. */
export function methodNotAllowed(): ApiStatus {
  const message = 'the server does not allow this method on the requested resource';
  return { code: 405, reason: 'MethodNotAllowed', message, details: {} };
}

/** 405: the resource has no such verb. */
export function verbNotSupported({ group, resource }: GroupResource, verb: string): ApiStatus {
  const message = `${verb} is not supported on resources of kind ${goQuote(groupResourceText({ group, resource }))}`;
  return { code: 405, reason: 'MethodNotAllowed', message, details: { group, kind: resource } };
}

/** 406: the client takes none of the types that there are. */
export function notAcceptable(types: readonly string[]): ApiStatus {
  const message = `only the following media types are accepted: ${types.join(', ')}`;
  return { code: 406, reason: 'NotAcceptable', message };
}

/** 408: the rest of a request did not come. */
export function requestNotReceived(): ApiStatus {
  return { code: 408, reason: 'Timeout', message: 'the request did not come in time' };
}

/** 413: the request has a body, and a large one. */
export function tooLarge(message: string): ApiStatus {
  return { code: 413, reason: 'RequestEntityTooLarge', message: `Request entity too large: ${message}` };
}

/** 414 or 431: the target or the headers of a request are larger than the server reads. */
export function headTooLarge(code: 414 | 431, message: string): ApiStatus {
  return { code, reason: 'BadRequest', message };
}

/** 422: options of a list that exclude each other. */
export function invalidListOptions(problems: readonly OptionProblem[]): ApiStatus {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`;
  const causes = problems.map(({ type, field, message }): StatusCause => ({ reason: type, message, field }));
  return {
    code: 422,
    reason: 'Invalid',
    message: `ListOptions.meta.k8s.io "" is invalid: ${list}`,
    details: { group: 'meta.k8s.io', kind: 'ListOptions', causes },
  };
}

/** 429: too many requests at a time, or of one client. */
export function tooManyRequests(retryAfterSeconds: number): ApiStatus {
  const message = 'Too many requests, please try again later.';
  return { code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } };
}

/** 500: something here failed; upstream's text is repeated as the cause. */
export function internalFailure(message: string): ApiStatus {
  return {
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  };
}

/** 503: nothing can be answered now, and soon again. */
export function serviceUnavailable(message: string, retryAfterSeconds?: number): ApiStatus {
  const status = { code: 503, reason: 'ServiceUnavailable', message };
  return retryAfterSeconds === undefined ? status : { ...status, details: { retryAfterSeconds } };
}

/** 504: the time that the request may take is over. */
export function requestTimeout(message: string): ApiStatus {
  return { code: 504, reason: 'Timeout', message: `Timeout: ${message}`, details: {} };
}
