import { CUSTOM, EXTERNAL, get, message, outcome } from './routing';

const PROBLEM: unknown = expect.stringContaining('unable to parse requirement');

describe('parameters', () => {
  test('selectors of objects and of series', () => {
    const routed = get(
      `${CUSTOM}/namespaces/shop/pods/*/m?labelSelector=app%3Dweb&metricLabelSelector=verb%3DGET`,
    );
    expect(routed).toMatchObject({ kind: 'custom' });
    if (routed.kind !== 'custom') return;
    expect(routed.objectSelector?.toString()).toBe('app=web');
    expect(routed.metricSelector.toString()).toBe('verb=GET');
  });

  test('of a repeated parameter the first counts, and plus is a blank', () => {
    const routed = get(`${EXTERNAL}/namespaces/shop/m?labelSelector=a+in+(x)&labelSelector=b`);
    expect(routed.kind === 'external' && routed.selector.toString()).toBe('a in (x)');
  });

  test('parameters with broken escapes or semicolons are as good as none', () => {
    expect(get(`${EXTERNAL}/namespaces/shop/m?labelSelector=%zz&x;labelSelector=a`)).toMatchObject({
      kind: 'external',
      selector: { requirements: [] },
    });
  });

  test('a bad object selector is the client’s error, a bad metric selector upstream takes for its own', () => {
    expect(get(`${CUSTOM}/namespaces/shop/pods/*/m?labelSelector=a%3D%3D%3Db`)).toMatchObject({
      status: {
        code: 400,
        reason: 'BadRequest',
        message: PROBLEM,
      },
    });
    expect(get(`${CUSTOM}/namespaces/shop/pods/*/m?metricLabelSelector=a%3D%3D%3Db`)).toMatchObject({
      status: { code: 500, reason: '', message: PROBLEM },
    });
  });

  test('numbers must be some', () => {
    expect(message(get(`${CUSTOM}/nodes/*/m?limit=x`))).toBe('strconv.ParseInt: parsing "x": invalid syntax');
    expect(message(get(`${CUSTOM}/nodes/*/m?timeoutSeconds=99999999999999999999`))).toBe(
      'strconv.ParseInt: parsing "99999999999999999999": value out of range',
    );
  });

  test('the name of the path and that of the field selector must agree', () => {
    expect(outcome(get(`${CUSTOM}/nodes/a/m?fieldSelector=metadata.name=a`))).toBe('custom');
    expect(message(get(`${CUSTOM}/nodes/a/m?fieldSelector=metadata.name=b`))).toBe(
      "fieldSelector metadata.name doesn't match requested name",
    );
    expect(get(`${CUSTOM}/nodes//m?fieldSelector=metadata.name=b`)).toMatchObject({ name: 'b' });
  });

  test('pretty and timeout', () => {
    expect(get(`${CUSTOM}/nodes/*/m?pretty=true&timeout=1m30s`)).toMatchObject({
      pretty: true,
      timeoutMs: 90_000,
    });
    expect(get(`${CUSTOM}/nodes/*/m?pretty=yes`)).toMatchObject({ pretty: false });
    expect(get(`${CUSTOM}/nodes/*/m?timeout=0s`)).not.toHaveProperty('timeoutMs');
    expect(message(get(`${CUSTOM}/nodes/*/m?timeout=10`))).toContain(
      'invalid timeout specified in the request URL',
    );
  });
});
