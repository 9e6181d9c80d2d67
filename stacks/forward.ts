import type { ServiceForward } from '../core/model';
import type { ServicePort } from '../constructs';

/** Makes a port of a Service reachable on the user's machine, under a title that the script prints. */
export function forward(
  title: string,
  { namespace, service, number }: ServicePort,
  localPort: number,
): ServiceForward {
  return { title, namespace, service, port: number, localPort };
}
