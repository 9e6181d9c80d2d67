import type { Container, Probe } from '../kube/kinds/pod';
import type { IncomingRequest, Program } from './program';

/** Programs of a command that send one GET to the URL among their words. */
const FETCHERS = ['podcli', 'curl', 'wget'];
const OWN_URL = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1):(\d+)(\/.*)?$/;

/** Where a probe knocks: the port as it is written, and the path if it sends a GET. */
interface ProbeTarget {
  readonly port: number | string;
  readonly path?: string | undefined;
}

/**
 * What a probe asks of the program: an `httpGet`, a `tcpSocket`, or a command that fetches a URL of its own pod, such
 * as `podcli check http localhost:9898/healthz`; undefined if it asks nothing.
 */
export function probeTarget({ httpGet, tcpSocket, exec }: Probe): ProbeTarget | undefined {
  if (httpGet) return { port: httpGet.port, path: httpGet.path ?? '/' };
  return tcpSocket ?? fetchedBy(exec?.command ?? []);
}

function fetchedBy([program = '', ...words]: readonly string[]): ProbeTarget | undefined {
  if (!FETCHERS.includes(program.replace(/^.*\//, ''))) return undefined;
  const url = words.map((word) => OWN_URL.exec(word)).find((match) => match !== null);
  return url ? { port: Number(url[1]), path: url[2] ?? '/' } : undefined;
}

/** The container port that a probe asks; undefined if it names one that the container lacks, or asks none. */
export function probePort(probe: Probe, { ports }: Container): number | undefined {
  const port = probeTarget(probe)?.port;
  if (typeof port !== 'string') return port;
  // A number may be written as text.
  if (/^\d+$/.test(port)) return Number(port);
  return ports?.find(({ name }) => name === port)?.containerPort;
}

/** What a probe sends: the path of a GET, any request for one that only connects. */
export function probeRequest(probe: Probe): IncomingRequest {
  return { from: 'probe', method: 'GET', path: probeTarget(probe)?.path ?? '/' };
}

/** Whether a probe succeeds once the program answers; commands that fetch nothing and gRPC probes do. */
export function probeSucceeds(probe: Probe, container: Container, program: Program): boolean {
  const target = probeTarget(probe);
  if (!target) return true;
  const port = probePort(probe, container);
  const status = port === undefined ? undefined : program.status(port, probeRequest(probe));
  if (status === undefined) return false;
  return target.path === undefined || (status >= 200 && status < 400);
}
