import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

/**
 * An aggregated server that knows nothing: `node noop.js PORT CERTIFICATE KEY`. Any request for metrics gets the same
 * five values, without authentication. What it costs is the floor under every adapter in Node.
 */
const [port, certificateFile, keyFile] = process.argv.slice(2);
if (port === undefined || certificateFile === undefined || keyFile === undefined) {
  throw new Error('usage: noop PORT CERTIFICATE KEY');
}

const GROUP_VERSION = 'custom.metrics.k8s.io/v1beta1';

const discovery = Buffer.from(
  JSON.stringify({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: GROUP_VERSION,
    resources: [
      { name: 'pods/constant', singularName: '', namespaced: true, kind: 'MetricValueList', verbs: ['get'] },
    ],
  }),
);
const values = Buffer.from(
  JSON.stringify({
    kind: 'MetricValueList',
    apiVersion: GROUP_VERSION,
    metadata: {},
    items: Array.from({ length: 5 }, (_, index) => ({
      describedObject: { kind: 'Pod', namespace: 'default', name: `web-0-${index}`, apiVersion: '/v1' },
      metricName: 'constant',
      timestamp: '2026-01-01T00:00:00Z',
      value: '1500m',
      selector: null,
    })),
  }),
);

const server = createServer(
  { cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
  (request, response) => {
    const path = request.url ?? '';
    const body = path.includes('/namespaces/') ? values : discovery;
    const known = path.startsWith(`/apis/${GROUP_VERSION}`) || ['/readyz', '/apis'].includes(path);
    response.writeHead(known ? 200 : 404, {
      'content-type': 'application/json',
      'content-length': body.length,
    });
    response.end(body);
  },
);
// kube-apiserver keeps its connections; closing them would measure handshakes.
server.keepAliveTimeout = 0;
server.listen(Number(port), '127.0.0.1');
