import { formatDuration } from '../../kube/duration';
import { DEFAULT_SOURCE } from '../../rules/sources';
import { type Flag } from './flag';
import { IGNORED_FLAGS } from './ignored-flags';

/** Every flag: prometheus-adapter's own and those of the generic API server and klog that it takes along, then ours. */
export const FLAGS: readonly Flag[] = [
  ...group('Configuration', [
    ['config', 'string', '', 'file with the rules; read again whenever it changes'],
    [
      'metrics-relist-interval',
      'duration',
      '10m0s',
      'time from the end of one listing of the series names to the next',
    ],
    [
      'metrics-max-age',
      'duration',
      '0s',
      'how far back a listing looks; 0 is the relist interval; rules can have their own',
    ],
  ]),
  ...group('Prometheus', [
    [
      'prometheus-url',
      'string',
      'https://localhost',
      'base URL of the source that rules use unless they name another',
    ],
    ['prometheus-verb', 'string', 'POST', 'GET or POST; a query too long for a URL is always sent by POST'],
    ['prometheus-header', 'repeated', '', 'NAME=VALUE, sent with each request; can be repeated'],
    ['prometheus-token-file', 'string', '', 'file with a bearer token; read again when it changes'],
    ['prometheus-ca-file', 'string', '', 'authorities of the server, instead of the usual ones'],
    ['prometheus-client-tls-cert-file', 'string', '', 'client certificate; read again when it changes'],
    ['prometheus-client-tls-key-file', 'string', '', 'key of the client certificate'],
    [
      'prometheus-auth-incluster',
      'switch',
      'false',
      'use the token and the authorities of the service account for Prometheus',
    ],
    ['prometheus-auth-config', 'string', '', 'kubeconfig file with the credentials for Prometheus'],
  ]),
  ...own('Prometheus', [
    [
      'prometheus-timeout',
      'duration',
      formatDuration(DEFAULT_SOURCE.timeoutMs),
      'longest time for one query, at most 5m',
    ],
    [
      'prometheus-concurrency',
      'integer',
      String(DEFAULT_SOURCE.concurrency),
      'requests in flight to the source at a time',
    ],
  ]),
  ...group('Kubernetes API', [
    [
      'lister-kubeconfig',
      'string',
      '',
      'kubeconfig file for watching objects; the service account without it',
    ],
    ['client-qps', 'number', '5', 'requests a second to the Kubernetes API, watches apart; 0 or less is 5'],
    ['client-burst', 'integer', '10', 'how many may come at once; 0 or less is 10'],
    [
      'discovery-interval',
      'duration',
      '0s',
      'time between two readings of what the cluster serves, where new kinds cannot be watched; 0 is 10m',
    ],
  ]),
  ...group('Serving', [
    ['bind-address', 'string', '0.0.0.0', 'address to listen on'],
    ['secure-port', 'integer', '443', 'port to listen on, 0 for none'],
    [
      'tls-cert-file',
      'string',
      '',
      'serving certificate, intermediates after it; read again when it changes',
    ],
    ['tls-private-key-file', 'string', '', 'key of the serving certificate'],
    [
      'tls-sni-cert-key',
      'repeated',
      '',
      'CERT,KEY[:NAME,…] for the names in the certificate, or those given',
    ],
    [
      'cert-dir',
      'string',
      'apiserver.local.config/certificates',
      'where a certificate for localhost is kept if none is given',
    ],
    ['tls-min-version', 'string', 'VersionTLS12', 'VersionTLS12 or VersionTLS13'],
    ['tls-cipher-suites', 'strings', '', "cipher suites by Go's names, for TLS 1.2"],
    ['disable-http2', 'switch', 'false', 'speak HTTP/1.1 only'],
    ['disable-http2-serving', 'switch', 'false', 'the same, as newer API servers call it'],
    ['http2-max-streams-per-connection', 'integer', '0', 'streams of one HTTP/2 connection; 0 is 100'],
  ]),
  ...own('Serving', [
    ['max-requests-inflight', 'integer', '400', 'requests answered at a time; more get 429; 0 is no limit'],
    ['request-timeout', 'duration', '1m0s', 'longest time for one request; then it gets 504'],
    [
      'shutdown-delay-duration',
      'duration',
      '3s',
      'time between not being ready and taking no more connections',
    ],
    ['shutdown-grace-duration', 'duration', '20s', 'time that requests in flight then have'],
  ]),
  ...group('Authentication', [
    [
      'authentication-kubeconfig',
      'string',
      '',
      'kubeconfig file for TokenReviews; the service account without it',
    ],
    [
      'authentication-skip-lookup',
      'switch',
      'false',
      'do not read kube-system/extension-apiserver-authentication',
    ],
    [
      'authentication-tolerate-lookup-failure',
      'switch',
      'false',
      'start although it cannot be read; until then no front proxy is trusted',
    ],
    ['authentication-token-webhook-cache-ttl', 'duration', '10s', 'how long a TokenReview counts'],
    ['client-ca-file', 'string', '', 'authorities of client certificates; read again when it changes'],
    [
      'requestheader-client-ca-file',
      'string',
      '',
      'authorities of the front proxy; read again when it changes',
    ],
    [
      'requestheader-allowed-names',
      'strings',
      '',
      "common names of the front proxy's certificate; none is any",
    ],
    ['requestheader-username-headers', 'strings', 'x-remote-user', 'headers with the name of the user'],
    ['requestheader-uid-headers', 'strings', '', 'headers with the UID of the user'],
    ['requestheader-group-headers', 'strings', 'x-remote-group', 'headers with the groups of the user'],
    [
      'requestheader-extra-headers-prefix',
      'strings',
      'x-remote-extra-',
      'beginnings of headers with what else is known of the user',
    ],
  ]),
  ...group('Authorization', [
    [
      'authorization-kubeconfig',
      'string',
      '',
      'kubeconfig file for SubjectAccessReviews; the service account without it',
    ],
    [
      'authorization-always-allow-paths',
      'strings',
      '/healthz,/readyz,/livez',
      'paths that anybody may ask; a final * stands for anything',
    ],
    ['authorization-webhook-cache-authorized-ttl', 'duration', '10s', 'how long a permission counts'],
    ['authorization-webhook-cache-unauthorized-ttl', 'duration', '10s', 'how long a refusal counts'],
  ]),
  ...group('Logging', [['v', 'integer', '0', 'from 4 on, each request is logged']]),
  ...own('Logging', [
    ['help', 'switch', 'false', 'print this and end'],
    ['version', 'switch', 'false', 'print the version and end'],
  ]),
  ...IGNORED_FLAGS,
];

type Row = readonly [name: string, type: Flag['type'], byDefault: string, help: string];

function group(name: Flag['group'], rows: readonly Row[]): readonly Flag[] {
  return rows.map(([flag, type, byDefault, help]) => ({
    name: flag,
    group: name,
    type,
    default: byDefault,
    help,
  }));
}

function own(name: Flag['group'], rows: readonly Row[]): readonly Flag[] {
  return group(name, rows).map((flag) => ({ ...flag, own: true }));
}
