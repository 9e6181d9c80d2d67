import { NotSupportedError } from '../errors';
import { namespaceOf } from '../kube/inventory';
import { resolveServiceUrl } from '../kube/service-url';
import type { OutgoingCall, Setting } from './program';

/**
 * Where a URL on a program's command line leads.
 * @param program that has it there, for the error
 * @throws NotSupportedError if that is not a Service
 */
export function serviceTarget(
  url: string,
  { workload, inventory }: Setting,
  owner: string,
  program: string,
): Pick<OutgoingCall, 'namespace' | 'service' | 'port' | 'path'> {
  const address = resolveServiceUrl(url.replace(/[?#].*$/s, ''), namespaceOf(workload), inventory);
  if ('reason' in address) {
    throw new NotSupportedError(`${owner}: ${program} with target ${url}, which ${address.reason}`);
  }
  const { namespace, service, port, path } = address;
  return { namespace, service, port, path };
}
