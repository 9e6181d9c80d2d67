import {
  encodeStatus,
  forbidden,
  healthPartReply,
  healthReply,
  internalFailure,
  notAcceptable,
  objectNotFound,
  requestTimeout,
  serviceUnavailable,
  tooLarge,
  tooManyRequests,
  unauthorized,
} from '../../../../core/adapter/api';

const attributes = {
  verb: 'get',
  group: 'custom.metrics.k8s.io',
  version: 'v1beta1',
  resource: 'pods',
  subresource: 'http_requests',
  namespace: 'shop',
  name: '*',
};

describe('forbidden', () => {
  test('a metric of objects in a namespace', () => {
    expect(JSON.parse(encodeStatus(forbidden('jane', attributes, '')))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'pods.custom.metrics.k8s.io "*" is forbidden: User "jane" cannot get resource "pods/http_requests" ' +
        'in API group "custom.metrics.k8s.io" in the namespace "shop"',
      reason: 'Forbidden',
      details: { name: '*', group: 'custom.metrics.k8s.io', kind: 'pods' },
      code: 403,
    });
  });

  test('outside namespaces, without a name, with the reason of the authorizer', () => {
    const cluster = { ...attributes, verb: 'list', subresource: '', namespace: '', name: '' };
    expect(forbidden('jane', cluster, 'no way').message).toBe(
      'pods.custom.metrics.k8s.io is forbidden: User "jane" cannot list resource "pods" ' +
        'in API group "custom.metrics.k8s.io" at the cluster scope: no way',
    );
  });

  test('a path, without anything that looks like HTML', () => {
    expect(forbidden('<b>', { verb: 'get', path: '/a&b' }, '')).toEqual({
      code: 403,
      reason: 'Forbidden',
      message: 'forbidden: User "&lt;b&gt;" cannot get path "/a&amp;b"',
      details: {},
    });
  });
});

test.each([
  [unauthorized(), 401, 'Unauthorized', 'Unauthorized'],
  [
    objectNotFound({ group: 'metrics.k8s.io', resource: 'podmetrics' }, 'n/p'),
    404,
    'NotFound',
    'podmetrics.metrics.k8s.io "n/p" not found',
  ],
  [notAcceptable(['a/b']), 406, 'NotAcceptable', 'only the following media types are accepted: a/b'],
  [tooLarge('limit is 1'), 413, 'RequestEntityTooLarge', 'Request entity too large: limit is 1'],
  [tooManyRequests(1), 429, 'TooManyRequests', 'Too many requests, please try again later.'],
  [internalFailure('x'), 500, 'InternalError', 'Internal error occurred: x'],
  [serviceUnavailable('x'), 503, 'ServiceUnavailable', 'x'],
  [requestTimeout('x'), 504, 'Timeout', 'Timeout: x'],
])('%j', (status, code, reason, message) => {
  expect(status).toMatchObject({ code, reason, message });
});

describe('health checks', () => {
  const results = [
    { name: 'ping', outcome: 'passed' },
    { name: 'sources', outcome: 'failed' },
  ] as const;

  test('say why only to the log', () => {
    expect(healthReply('readyz', results, { verbose: false, exclude: [] })).toEqual({
      status: 500,
      body: '[+]ping ok\n[-]sources failed: reason withheld\nreadyz check failed\n',
    });
  });

  test('without the one that failed', () => {
    expect(healthReply('readyz', results, { verbose: false, exclude: ['sources'] })).toEqual({
      status: 200,
      body: 'ok',
    });
    expect(healthReply('livez', results, { verbose: true, exclude: ['sources', 'b', 'a'] })).toEqual({
      status: 200,
      body:
        '[+]ping ok\n[+]sources excluded: ok\n' +
        'warn: some health checks cannot be excluded: no matches for "a","b"\nlivez check passed\n',
    });
  });

  test('tell of what nothing depends on, and pass', () => {
    const told = [{ name: 'rules', outcome: 'told' }] as const;
    expect(healthReply('readyz', told, { verbose: false, exclude: [] })).toEqual({ status: 200, body: 'ok' });
    expect(healthReply('readyz', told, { verbose: true, exclude: [] })).toEqual({
      status: 200,
      body: '[!]rules failed: reason withheld (told only)\nreadyz check passed\n',
    });
  });

  test('one by one say why', () => {
    expect(healthPartReply(undefined)).toEqual({ status: 200, body: 'ok' });
    expect(healthPartReply('no route')).toEqual({
      status: 500,
      body: 'internal server error: no route\n',
    });
  });
});
