import { NotSupportedError } from '../errors';
import { parseServiceUrl } from '../kube/endpoints';
import { namespaceOf } from '../kube/inventory';
import type { OutgoingCall, Setting } from './program';

/**
 * Where a URL on a program's command line leads.
 * @param program that has it there, for the error
 * @throws NotSupportedError if that is not a Service
 */
export function serviceTarget(
  url: string,
  { workload }: Setting,
  owner: string,
  program: string,
): Pick<OutgoingCall, 'namespace' | 'service' | 'port' | 'path'> {
  const address = parseServiceUrl(url.replace(/[?#].*$/s, ''), namespaceOf(workload));
  if (!address) {
    throw new NotSupportedError(`${owner}: ${program} with target ${url}, which is not the URL of a Service`);
  }
  const { namespace, service, port, path } = address;
  return { namespace, service, port, path };
}
