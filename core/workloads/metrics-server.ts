import { UsageError } from '../errors';
import { commandLine } from '../kube/command-line';
import { parseGoDuration } from '../kube/duration';
import { parseImage } from '../kube/image';
import type { Container } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import { bystander, type Program, type Setting } from './program';

/** What of metrics-server's command line matters here (v0.9.0, `cmd/metrics-server/app/options`). */
export interface MetricsServerFlags {
  /** `--metric-resolution`: time from one look at the nodes to the next, in milliseconds. */
  readonly resolutionMs: number;
  readonly securePort: number;
}

const LEAST_RESOLUTION_MS = 10_000;

/** Whether an image is that of metrics-server. */
export function isMetricsServer(image: string | undefined): boolean {
  return image !== undefined && /(^|\/)metrics-server(-(amd64|arm64))?$/.test(parseImage(image).repository);
}

/**
 * Reads the arguments of metrics-server's container.
 * @throws UsageError if it would not start with them
 */
export function metricsServerFlags(container: Container): MetricsServerFlags {
  const words = commandLine(container);
  const resolution = flagOf(words, 'metric-resolution') ?? '60s';
  const resolutionMs = parseGoDuration(resolution);
  const timeout = flagOf(words, 'kubelet-request-timeout') ?? '10s';
  if (resolutionMs < LEAST_RESOLUTION_MS) {
    throw new UsageError(
      `metric-resolution should be a time duration at least 10s, but value ${resolution} provided`,
    );
  }
  if (resolutionMs * 0.9 < parseGoDuration(timeout)) {
    throw new UsageError(
      `metric-resolution should be larger than kubelet-request-timeout, but metric-resolution value ${resolution} kubelet-request-timeout value ${timeout} provided`,
    );
  }
  return { resolutionMs, securePort: Number(flagOf(words, 'secure-port') ?? '443') };
}

/** The last value of a flag: after `=`, or as the next word. */
function flagOf(words: readonly string[], flag: string): string | undefined {
  const index = words.findLastIndex((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
  const word = words[index];
  if (word === undefined) return undefined;
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[index + 1];
}

/**
 * metrics-server: it says that it is ready once it has looked at the nodes twice. What it answers about pods is up to
 * whoever runs it.
 * @throws UsageError if it would not start with its arguments
 */
export function metricsServer({ workload, container }: Setting): Program {
  const { resolutionMs, securePort } = readFlags(container, refText(refOf(workload)));
  return {
    ...bystander('metrics-server'),
    status: (port) => (port === securePort ? 200 : undefined),
    exposes: (port, path) => port === securePort && path === '/metrics',
    slowPath: { path: '/readyz', startsInMs: resolutionMs },
  };
}

function readFlags(container: Container, owner: string): MetricsServerFlags {
  try {
    return metricsServerFlags(container);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${owner}, container ${container.name}: ${error.message}`);
  }
}
