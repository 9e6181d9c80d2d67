import { type AdapterConfig, parseAdapterConfig } from '../../../core/rules';

function parse(text: string): AdapterConfig {
  return parseAdapterConfig(text, 'config.yaml');
}

describe('the section plimsoll', () => {
  const sources = `plimsoll:
  source: main
  freshness: 5s
  staleness: {maxSampleAge: 2m, action: error}
  sources:
    main: {url: "https://prometheus.monitoring.svc:9090/prom", tls: {caFile: /ca.crt, certFile: /c, keyFile: /k, serverName: prom}}
    mimir:
      url: http://mimir/prometheus
      verb: GET
      timeout: 1m
      concurrency: 4
      headers: {X-One: a, X-Two: [b, c]}
      tenant: team
      oauth2: {tokenUrl: https://login/token, clientId: id, clientSecretFile: /secret, scopes: [read], parameters: {audience: a}}
    aws: {url: https://aps.example.com, sigv4: {region: eu-west-1}}
    basic: {url: http://b, basic: {username: u, passwordFile: /p}}
    token: {url: http://t, bearerTokenFile: /t}
`;

  it('has sources, with defaults for what they do not say', () => {
    const parsed = parse(sources).sources;
    const defaults = { verb: 'POST', timeoutMs: 30_000, concurrency: 16, headers: [], tls: {} };
    expect([...parsed.values()]).toEqual([
      {
        ...defaults,
        name: 'main',
        url: 'https://prometheus.monitoring.svc:9090/prom',
        tls: { caFile: '/ca.crt', certFile: '/c', keyFile: '/k', serverName: 'prom' },
      },
      {
        name: 'mimir',
        url: 'http://mimir/prometheus',
        verb: 'GET',
        timeoutMs: 60_000,
        concurrency: 4,
        headers: [
          ['X-One', 'a'],
          ['X-Two', 'b'],
          ['X-Two', 'c'],
        ],
        tenant: 'team',
        oauth2: {
          tokenUrl: 'https://login/token',
          clientId: 'id',
          clientSecretFile: '/secret',
          scopes: ['read'],
          parameters: { audience: 'a' },
        },
        tls: {},
      },
      {
        ...defaults,
        name: 'aws',
        url: 'https://aps.example.com',
        sigv4: { region: 'eu-west-1', service: 'aps' },
      },
      { ...defaults, name: 'basic', url: 'http://b', basic: { username: 'u', passwordFile: '/p' } },
      { ...defaults, name: 'token', url: 'http://t', bearerTokenFile: '/t' },
    ]);
  });

  it('holds for rules that do not say otherwise', () => {
    const { rules, externalRules, resourceRules } = parse(`rules:
- seriesQuery: a
- plimsoll: {source: mimir, freshness: 0s, maxAge: 1h, fusion: off, staleness: {action: skip}}
externalRules:
- plimsoll: {source: "", staleness: {maxSampleAge: 0s}}
resourceRules: {plimsoll: {source: token}}
${sources}`);
    const file = {
      source: 'main',
      freshnessMs: 5000,
      fusion: 'auto',
      staleness: { maxSampleAgeMs: 120_000, action: 'error' },
    };
    expect(rules.map((rule) => rule.settings)).toEqual([
      file,
      {
        source: 'mimir',
        freshnessMs: 0,
        maxAgeMs: 3_600_000,
        fusion: 'off',
        staleness: { maxSampleAgeMs: 120_000, action: 'skip' },
      },
    ]);
    expect(externalRules.map((rule) => rule.settings)).toEqual([
      { source: '', freshnessMs: 5000, fusion: 'auto' },
    ]);
    expect(resourceRules?.settings).toEqual({ source: 'token', freshnessMs: 5000, fusion: 'auto' });
  });

  it.each([
    [
      'rules: [{plimsoll: {source: mimi}}]',
      '1:29: rules[0].plimsoll.source: there is no source "mimi": plimsoll.sources has mimir; did you mean "mimir"?',
    ],
    ['plimsoll: {source: x}\nrules: [{}]', '1:20: plimsoll.source: there is no source "x"'],
    ['resourceRules: {plimsoll: {source: x}}', '1:36: resourceRules.plimsoll.source: there is no source "x"'],
    ['rules: [{plimsoll: {sources: {}}}]', '1:21: rules[0].plimsoll.sources: unknown field'],
    ['rules: [{plimsoll: {freshness: 5}}]', 'rules[0].plimsoll.freshness: invalid duration "5"'],
    ['rules: [{plimsoll: {maxAge: 0s}}]', '1:29: rules[0].plimsoll.maxAge: must be more than 0s'],
    ['rules: [{plimsoll: {fusion: on}}]', 'rules[0].plimsoll.fusion: must be one of auto, off, is "on"'],
  ])('is refused in %s', (text, message) => {
    const withSource = text.startsWith('plimsoll')
      ? text
      : `${text}\nplimsoll: {sources: {mimir: {url: http://m}}}`;
    expect(() => parse(withSource)).toThrow(`config.yaml:${message.match(/^\d/) ? '' : '1:'}`);
    expect(() => parse(withSource)).toThrow(message);
  });

  const BOTH = 'basic: {username: u, passwordFile: /p}, bearerTokenFile: /t';
  it.each([
    ['{}', 'url: must be given: write http://HOST:PORT/PATH'],
    [
      '{url: ftp://x}',
      'url: must be a URL like http://prometheus.monitoring.svc:9090, with http or https, is "ftp://x"',
    ],
    [
      '{url: "http://u:p@x/"}',
      'url: must have no user or password: use basic with passwordFile, or bearerTokenFile',
    ],
    ['{url: "http://x/?dedup=true"}', 'url: must have no query or fragment'],
    ['{url: http://x, password: p}', 'password: unknown field'],
    ['{url: http://x, verb: PUT}', 'verb: must be one of GET, POST'],
    ['{url: http://x, timeout: 0s}', 'timeout: must be more than 0s and at most 5m'],
    ['{url: http://x, concurrency: 0}', 'concurrency: must be a whole number from 1 to 10000, is "0"'],
    [
      `{url: http://x, ${BOTH}}`,
      'basic: a source authenticates in one way, and has bearerTokenFile and basic',
    ],
    [
      '{url: http://x, bearerTokenFile: /t, headers: {authorization: x}}',
      'headers.authorization: cannot be set together with bearerTokenFile',
    ],
    ['{url: http://x, tenant: a, headers: {x-scope-orgid: b}}', 'headers.x-scope-orgid: is what tenant sets'],
    ['{url: http://x, headers: {"a b": c}}', 'headers.a b: is not the name of a header'],
    ['{url: http://x, headers: {Host: c}}', 'headers.Host: cannot be set'],
    ['{url: http://x, headers: {A: "a\\r\\nB: c"}}', 'headers.A: must be the value of a header'],
    ['{url: http://x, basic: {username: u}}', 'basic.passwordFile: must be given'],
    ['{url: http://x, oauth2: {clientId: u, clientSecretFile: f}}', 'oauth2.tokenUrl: must be given'],
    ['{url: http://x, sigv4: {}}', 'sigv4.region: must be given'],
    ['{url: http://x, tls: {caFile: /ca}}', 'tls: means nothing for http://x'],
    ['{url: https://x, tls: {certFile: /c}}', 'tls.certFile: needs keyFile'],
    ['{url: https://x, tls: {insecureSkipVerify: true}}', 'tls.insecureSkipVerify: unknown field'],
  ])('has no source %s', (source, message) => {
    expect(() => parse(`plimsoll:\n  sources:\n    one: ${source}\n`)).toThrow(
      /^config\.yaml:3:\d+: plimsoll\.sources\.one\./,
    );
    expect(() => parse(`plimsoll:\n  sources:\n    one: ${source}\n`)).toThrow(message);
  });

  it('has no source without a proper name', () => {
    expect(() => parse('plimsoll: {sources: {"a/b": {url: http://x}}}')).toThrow(
      'config.yaml:1:29: plimsoll.sources.a/b: the name of a source has letters',
    );
  });
});
