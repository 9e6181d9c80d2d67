import { UsageError } from '../errors';
import { commandLine, flagValue } from '../kube/command-line';
import { parseImage } from '../kube/image';
import type { Container } from '../kube/kinds/pod';
import { durationOf, portFlag } from './go-flags';
import { bystander, ownerOf, type Program, type Setting } from './program';

/** What of metrics-server's command line matters here (v0.9.0, `cmd/metrics-server/app/options`). */
export interface MetricsServerFlags {
  /** `--metric-resolution`: time from one look at the nodes to the next, in milliseconds. */
  readonly resolutionMs: number;
  readonly securePort: number;
}

const LEAST_RESOLUTION_MS = 10_000;
const DEFAULT_PORT = 443;

/** Whether an image is that of metrics-server. */
export function isMetricsServer(image: string | undefined): boolean {
  return image !== undefined && /(^|\/)metrics-server(-(amd64|arm64))?$/.test(parseImage(image).repository);
}

/**
 * Reads the arguments of metrics-server's container.
 * @param owner names the container in errors
 * @throws UsageError if it would not start with them
 */
export function metricsServerFlags(container: Container, owner: string): MetricsServerFlags {
  const words = commandLine(container);
  const resolution = flagValue(words, 'metric-resolution') ?? '60s';
  const resolutionMs = durationOf(resolution, '--metric-resolution', owner);
  const timeout = flagValue(words, 'kubelet-request-timeout') ?? '10s';
  const timeoutMs = durationOf(timeout, '--kubelet-request-timeout', owner);
  if (resolutionMs < LEAST_RESOLUTION_MS) {
    throw new UsageError(
      `${owner}: metric-resolution should be a time duration at least 10s, but value ${resolution} provided`,
    );
  }
  if (resolutionMs * 0.9 < timeoutMs) {
    throw new UsageError(
      `${owner}: metric-resolution should be larger than kubelet-request-timeout, but metric-resolution value ${resolution} kubelet-request-timeout value ${timeout} provided`,
    );
  }
  return { resolutionMs, securePort: portFlag(words, 'secure-port', owner) ?? DEFAULT_PORT };
}

/**
 * metrics-server: it says that it is ready once it has looked at the nodes twice. What it answers about pods is up to
 * whoever runs it.
 * @throws UsageError if it would not start with its arguments
 */
export function metricsServer(setting: Setting): Program {
  const { resolutionMs, securePort } = metricsServerFlags(setting.container, ownerOf(setting));
  return {
    ...bystander('metrics-server'),
    status: (port) => (port === securePort ? 200 : undefined),
    exposes: (port, path) => port === securePort && path === '/metrics',
    slowPath: { path: '/readyz', startsInMs: resolutionMs },
  };
}
