import fc from 'fast-check';
import {
  encodeCustomValues,
  encodeExternalValues,
  encodeStatus,
  jsonBody,
} from '../../../../core/adapter/api';
import { Quantity } from '../../../../core/kube/quantity';
import { Selector, type Labels } from '../../../../core/kube/selector';
import { jsonAt } from './json-at';

const AT = Date.UTC(2024, 4, 16, 11, 57, 56, 789);

function podValue(name: string, milli: number, selector?: Selector) {
  return {
    describedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name },
    metric: { name: 'http_requests', selector },
    value: Quantity.milli(milli),
    timestampMs: AT,
  };
}

describe('MetricValueList', () => {
  test('v1beta1', () => {
    expect(encodeCustomValues({ kind: 'custom', items: [podValue('podinfo-a', 901)] }, 'v1beta1')).toBe(
      '{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta1","metadata":{},"items":[' +
        '{"describedObject":{"kind":"Pod","namespace":"default","name":"podinfo-a","apiVersion":"v1"},' +
        '"metricName":"http_requests","timestamp":"2024-05-16T11:57:56Z","value":"901m","selector":null}]}',
    );
  });

  test('v1beta2, with a selector', () => {
    const selector = Selector.parse('b,verb=GET,code in (500,502),!x,y!=z');
    expect(encodeCustomValues({ kind: 'custom', items: [podValue('a', 1500, selector)] }, 'v1beta2')).toBe(
      '{"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},"items":[' +
        '{"describedObject":{"kind":"Pod","namespace":"default","name":"a","apiVersion":"v1"},' +
        '"metric":{"name":"http_requests","selector":{"matchLabels":{"verb":"GET"},"matchExpressions":[' +
        '{"key":"b","operator":"Exists"},{"key":"code","operator":"In","values":["500","502"]},' +
        '{"key":"x","operator":"DoesNotExist"},{"key":"y","operator":"NotIn","values":["z"]}]}},' +
        '"timestamp":"2024-05-16T11:57:56Z","value":"1500m"}]}',
    );
  });

  test('nothing selected is an empty list', () => {
    expect(JSON.parse(encodeCustomValues({ kind: 'custom', items: [] }, 'v1beta2'))).toEqual({
      kind: 'MetricValueList',
      apiVersion: 'custom.metrics.k8s.io/v1beta2',
      metadata: {},
      items: [],
    });
  });

  test('items of different kinds, namespaces and times each keep their own', () => {
    const node = {
      describedObject: { apiVersion: 'v1', kind: 'Node', name: 'n' },
      metric: { name: 'load' },
      value: Quantity.milli(-2_000),
      timestampMs: AT + 60_000,
    };
    const other = {
      ...podValue('b', 1),
      describedObject: { ...podValue('b', 1).describedObject, namespace: 'x' },
    };
    const items = jsonAt(
      encodeCustomValues({ kind: 'custom', items: [podValue('a', 12_000_000), node, other] }, 'v1beta1'),
      'items',
    );
    expect(items).toEqual([
      expect.objectContaining({ value: '12k', timestamp: '2024-05-16T11:57:56Z' }),
      {
        describedObject: { kind: 'Node', name: 'n', apiVersion: 'v1' },
        metricName: 'load',
        timestamp: '2024-05-16T11:58:56Z',
        value: '-2',
        selector: null,
      },
      expect.objectContaining({
        describedObject: { kind: 'Pod', namespace: 'x', name: 'b', apiVersion: 'v1' },
        value: '1m',
      }),
    ]);
  });
});

test('ExternalMetricValueList', () => {
  const item = {
    metricName: 'queue_depth',
    metricLabels: { queue: '<q1>', __name__: 'queue' },
    value: Quantity.milli(42_000),
    timestampMs: AT,
  };
  expect(encodeExternalValues({ kind: 'external', items: [item] })).toBe(
    '{"kind":"ExternalMetricValueList","apiVersion":"external.metrics.k8s.io/v1beta1","metadata":{},"items":[' +
      '{"metricName":"queue_depth","metricLabels":{"__name__":"queue","queue":"\\u003cq1\\u003e"},' +
      '"timestamp":"2024-05-16T11:57:56Z","value":"42"}]}',
  );
});

test('a scalar has no labels, which is not the same as labels that are none', () => {
  const item = { metricName: 'm', value: Quantity.milli(1), timestampMs: AT };
  const text = (metricLabels: Labels | undefined) =>
    encodeExternalValues({ kind: 'external', items: [{ ...item, metricLabels }] });
  expect(text(undefined)).toContain('"items":[{"metricName":"m","metricLabels":null,"timestamp"');
  expect(text({})).toContain('"items":[{"metricName":"m","metricLabels":{},"timestamp"');
});

test('any labels survive', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
      (metricLabels) => {
        const item = { metricName: 'm', metricLabels, value: Quantity.milli(0), timestampMs: AT };
        const text = encodeExternalValues({ kind: 'external', items: [item] });
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        for (const body of [jsonBody(text, false), jsonBody(text, true)]) {
          expect(jsonAt(body, 'items', 0, 'metricLabels')).toEqual({ ...metricLabels });
        }
      },
    ),
  );
});

describe('Status', () => {
  test('of an unknown metric has no details', () => {
    const message = 'the server could not find the metric m for pods';
    expect(encodeStatus({ code: 404, reason: 'NotFound', message })).toBe(
      `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"${message}",` +
        '"reason":"NotFound","code":404}',
    );
  });

  test('of an internal failure repeats its message as the cause', () => {
    const message = 'Internal error occurred: unable to fetch metrics';
    expect(encodeStatus({ code: 500, reason: 'InternalError', message })).toBe(
      `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"${message}",` +
        '"reason":"InternalError","details":{"causes":[{"message":"unable to fetch metrics"}]},"code":500}',
    );
  });

  test('without a reason, with empty details, with times to wait', () => {
    expect(JSON.parse(encodeStatus({ code: 500, reason: '', message: 'x' }))).not.toHaveProperty('reason');
    expect(encodeStatus({ code: 404, reason: 'NotFound', message: 'x', details: {} })).toContain(
      '"details":{},',
    );
    expect(
      encodeStatus({ code: 429, reason: 'TooManyRequests', message: 'x', details: { retryAfterSeconds: 1 } }),
    ).toContain('"details":{"retryAfterSeconds":1}');
  });
});

describe('bodies', () => {
  test('for programs have one line and its end', () => {
    expect(jsonBody('{"a":1}', false)).toBe('{"a":1}\n');
  });

  test('for people are indented as Go indents', () => {
    expect(jsonBody('{"a":{},"b":[],"c":[{"d":"{,:\\"[]"},null],"2":1,"1":-1.5}', true)).toBe(
      [
        '{',
        '  "a": {},',
        '  "b": [],',
        '  "c": [',
        '    {',
        '      "d": "{,:\\"[]"',
        '    },',
        '    null',
        '  ],',
        '  "2": 1,',
        '  "1": -1.5',
        '}',
      ].join('\n'),
    );
  });

  test('say the same either way', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        expect(JSON.parse(jsonBody(JSON.stringify(value), true))).toEqual(value);
      }),
    );
  });
});
