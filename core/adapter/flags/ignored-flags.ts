import { type Flag } from './flag';

const AUDIT =
  'the Kubernetes API server audits every request that it passes on, with the user; the adapter itself writes no audit log';
const LOG_FILES = 'the log is one JSON object a line on stdout; the container runtime keeps and rotates it';
const PROFILING = 'there is no pprof in Node; start node with --cpu-prof or --inspect instead';

/** Flags of upstream that make no sense here: accepted, so that its arguments work unchanged, and warned about. */
export const IGNORED_FLAGS: readonly Flag[] = [
  ...ignored('Serving', 'a pod has its port for itself', {
    'permit-port-sharing': 'switch',
    'permit-address-sharing': 'switch',
  }),
  ...ignored('Serving', 'Node negotiates the curves that OpenSSL prefers', {
    'tls-curve-preferences': 'strings',
  }),
  ...ignored('Serving', 'requests in flight are limited by --max-requests-inflight', {
    'enable-priority-and-fairness': 'switch',
  }),
  ...ignored('Logging', LOG_FILES, {
    'log-dir': 'string',
    'log-file': 'string',
    'log-file-max-size': 'number',
    'log-flush-frequency': 'duration',
    'log-backtrace-at': 'string',
    'log-json-info-buffer-size': 'string',
    'log-json-split-stream': 'switch',
    'log-text-info-buffer-size': 'string',
    'log-text-split-stream': 'switch',
    'logging-format': 'string',
    stderrthreshold: 'string',
    alsologtostderr: 'switch',
    logtostderr: 'switch',
    'one-output': 'switch',
    'add-dir-header': 'switch',
    'skip-headers': 'switch',
    'skip-log-headers': 'switch',
  }),
  ...ignored('Logging', 'levels are not set by file; use -v', { vmodule: 'string' }),
  ...ignored('Audit', AUDIT, {
    'audit-policy-file': 'string',
    ...backend('log'),
    ...backend('webhook'),
    'audit-log-path': 'string',
    'audit-log-format': 'string',
    'audit-log-version': 'string',
    'audit-log-maxage': 'number',
    'audit-log-maxbackup': 'number',
    'audit-log-maxsize': 'number',
    'audit-log-compress': 'switch',
    'audit-webhook-config-file': 'string',
    'audit-webhook-initial-backoff': 'duration',
    'audit-webhook-batch-initial-backoff': 'duration',
    'audit-webhook-version': 'string',
  }),
  ...ignored('Profiling', PROFILING, {
    profiling: 'switch',
    'contention-profiling': 'switch',
    'debug-socket-path': 'string',
  }),
];

type Types = Readonly<Record<string, Flag['type']>>;

function ignored(group: Flag['group'], why: string, types: Types): readonly Flag[] {
  return Object.entries(types).map(([name, type]) => ({
    name,
    group,
    type,
    default: '',
    help: 'accepted, without effect',
    ignored: why,
  }));
}

/** What both backends of the audit log have. */
function backend(name: 'log' | 'webhook'): Types {
  return {
    [`audit-${name}-mode`]: 'string',
    [`audit-${name}-batch-buffer-size`]: 'number',
    [`audit-${name}-batch-max-size`]: 'number',
    [`audit-${name}-batch-max-wait`]: 'duration',
    [`audit-${name}-batch-throttle-enable`]: 'switch',
    [`audit-${name}-batch-throttle-qps`]: 'number',
    [`audit-${name}-batch-throttle-burst`]: 'number',
    [`audit-${name}-truncate-enabled`]: 'switch',
    [`audit-${name}-truncate-max-batch-size`]: 'number',
    [`audit-${name}-truncate-max-event-size`]: 'number',
  };
}
