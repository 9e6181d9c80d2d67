import { type RequestAttributes, type UserInfo } from '../../../core/adapter/api/authorization';
import { goQuote } from '../../../core/kube/go-quote';

/** The parts of a `metav1.Status`. */
export interface ForbiddenStatus {
  readonly code: 403;
  readonly reason: 'Forbidden';
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
}

/**
 * Says that somebody may not do something, word for word as an API server does
 * (`pkg/endpoints/handlers/responsewriters/errors.go` of k8s.io/apiserver, `NewForbidden` of k8s.io/apimachinery).
 */
export function forbidden(user: UserInfo, attributes: RequestAttributes, reason: string): ForbiddenStatus {
  const said = withoutHtml(whatIsForbidden(user, attributes));
  const detail = reason === '' ? said : `${said}: ${reason}`;
  const { group = '', resource = '', name = '' } = 'path' in attributes ? {} : attributes;
  const subject = [resource, group].filter((part) => part !== '').join('.');
  const named = name === '' ? subject : `${subject} ${goQuote(name)}`;
  return {
    code: 403,
    reason: 'Forbidden',
    message: subject === '' ? `forbidden: ${detail}` : `${named} is forbidden: ${detail}`,
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(resource === '' ? {} : { kind: resource }),
    },
  };
}

function whatIsForbidden({ name: user }: UserInfo, attributes: RequestAttributes): string {
  if ('path' in attributes) {
    return `User ${goQuote(user)} cannot ${attributes.verb} path ${goQuote(attributes.path)}`;
  }
  const { verb, group, resource, subresource, namespace } = attributes;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${goQuote(namespace)}`;
  return `User ${goQuote(user)} cannot ${verb} resource ${goQuote(whole)} in API group ${goQuote(group)} ${where}`;
}

/** A browser must not take a name for markup. */
function withoutHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
