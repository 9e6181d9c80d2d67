import type { Container, Probe } from '../kube/kinds/pod';
import type { IncomingRequest, Program } from './program';

/** The container port that a probe asks; undefined if it names one that the container lacks, or asks none. */
export function probePort({ httpGet, tcpSocket }: Probe, { ports }: Container): number | undefined {
  const port = (httpGet ?? tcpSocket)?.port;
  if (typeof port !== 'string') return port;
  // A number may be written as text.
  if (/^\d+$/.test(port)) return Number(port);
  return ports?.find(({ name }) => name === port)?.containerPort;
}

/** What a probe sends: the path of a GET, any request for one that only connects. */
export function probeRequest({ httpGet }: Probe): IncomingRequest {
  return { from: 'probe', method: 'GET', path: httpGet?.path ?? '/' };
}

/** Whether a probe succeeds once the program answers; commands and gRPC probes do. */
export function probeSucceeds(probe: Probe, container: Container, program: Program): boolean {
  if (!probe.httpGet && !probe.tcpSocket) return true;
  const port = probePort(probe, container);
  const status = port === undefined ? undefined : program.status(port, probeRequest(probe));
  if (status === undefined) return false;
  return probe.tcpSocket !== undefined || (status >= 200 && status < 400);
}
