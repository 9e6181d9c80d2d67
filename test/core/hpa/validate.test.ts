import { problemsOf, TARGET } from './problems';
import { externalMetric } from './support';

// What the API server of 1.36 says, from "oracle admit"; most cases are those of upstream's validation_test.go.

describe('validateHpa', () => {
  it.each([
    {},
    { minReplicas: 5 },
    { scaleTargetRef: { kind: 'ReplicationController', name: 'web' } },
    { scaleTargetRef: { ...TARGET, apiVersion: 'apps/' } },
    { behavior: {} },
    {
      behavior: {
        scaleUp: { stabilizationWindowSeconds: 3600, selectPolicy: 'Min', tolerance: '0' },
        scaleDown: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Disabled',
          tolerance: '10',
          policies: [
            { type: 'Percent', value: 1000, periodSeconds: 1 },
            { type: 'Pods', value: 1, periodSeconds: 1800 },
          ],
        },
      },
    },
  ])('accepts %j', (parts) => {
    expect(problemsOf(parts)).toEqual([]);
  });

  it.each<[string, object, string[]]>([
    [
      'no kind of the target',
      { scaleTargetRef: { name: 'web', apiVersion: 'apps/v1' } },
      ['spec.scaleTargetRef.kind: Required value'],
    ],
    [
      'a kind that is no path segment',
      { scaleTargetRef: { apiVersion: 'apps/v1', kind: '..', name: 'web' } },
      ['spec.scaleTargetRef.kind: Invalid value: "..": may not be \'..\''],
    ],
    [
      'no name of the target',
      { scaleTargetRef: { kind: 'Deployment', apiVersion: 'apps/v1' } },
      ['spec.scaleTargetRef.name: Required value'],
    ],
    [
      'a name that is no path segment',
      { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a/%' } },
      [
        'spec.scaleTargetRef.name: Invalid value: "a/%": may not contain \'/\'',
        'spec.scaleTargetRef.name: Invalid value: "a/%": may not contain \'%\'',
      ],
    ],
    [
      'no API version',
      { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group'],
    ],
    [
      'an API version of the core group',
      { scaleTargetRef: { apiVersion: 'v1', kind: 'Deployment', name: 'web' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group'],
    ],
    [
      'an API version of an empty group',
      { scaleTargetRef: { apiVersion: '/v1', kind: 'Deployment', name: 'web' } },
      ['spec.scaleTargetRef.apiVersion: Invalid value: "/v1": apiVersion must specify API group'],
    ],
    [
      'an API version that is none',
      { scaleTargetRef: { apiVersion: 'apps/v1/v3', kind: 'Deployment', name: 'web' } },
      [
        'spec.scaleTargetRef.apiVersion: Invalid value: "apps/v1/v3": unexpected GroupVersion string: apps/v1/v3',
      ],
    ],
    [
      'a negative minimum',
      { minReplicas: -1 },
      ['spec.minReplicas: Invalid value: -1: must be greater than or equal to 1'],
    ],
    [
      'a minimum of zero',
      { minReplicas: 0, metrics: [externalMetric('m', { type: 'AverageValue', averageValue: '100m' })] },
      ['spec.minReplicas: Invalid value: 0: must be greater than or equal to 1'],
    ],
    [
      'a maximum below the minimum',
      { minReplicas: 7 },
      ['spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`'],
    ],
    [
      'no maximum',
      { maxReplicas: 0 },
      [
        'spec.maxReplicas: Required value: must be set and greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      ],
    ],
    [
      'a negative maximum',
      { maxReplicas: -1 },
      [
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1',
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`',
      ],
    ],
  ])('refuses %s', (_, parts, expected) => {
    expect(problemsOf(parts)).toEqual(expected);
  });

  describe.each(['scaleUp', 'scaleDown'])('with behavior.%s', (direction) => {
    it.each<[string, object, string[]]>([
      [
        'no policies',
        { selectPolicy: 'Min', policies: [] },
        ['policies: Required value: must specify at least one Policy'],
      ],
      [
        'a window of more than an hour',
        { stabilizationWindowSeconds: 3601 },
        ['stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600'],
      ],
      [
        'a negative window',
        { stabilizationWindowSeconds: -1 },
        ['stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero'],
      ],
      [
        'a period of more than half an hour',
        { policies: [{ type: 'Pods', value: 7, periodSeconds: 1801 }] },
        ['policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800'],
      ],
      [
        'an unknown selectPolicy',
        { selectPolicy: 'incorrect' },
        ['selectPolicy: Unsupported value: "incorrect": supported values: "Disabled", "Max", "Min"'],
      ],
      [
        'an empty selectPolicy',
        { selectPolicy: '' },
        ['selectPolicy: Unsupported value: "": supported values: "Disabled", "Max", "Min"'],
      ],
      [
        'an unknown type of policy',
        { policies: [{ type: 'hm', value: 7, periodSeconds: 8 }] },
        ['policies[0].type: Unsupported value: "hm": supported values: "Percent", "Pods"'],
      ],
      [
        'a policy without a period',
        { policies: [{ type: 'Pods', value: 8 }] },
        ['policies[0].periodSeconds: Invalid value: 0: must be greater than zero'],
      ],
      [
        'a policy without a value',
        { policies: [{ type: 'Pods', periodSeconds: 8 }] },
        ['policies[0].value: Invalid value: 0: must be greater than zero'],
      ],
      [
        'a negative period',
        { policies: [{ type: 'Pods', value: 7, periodSeconds: -1 }] },
        ['policies[0].periodSeconds: Invalid value: -1: must be greater than zero'],
      ],
      [
        'a negative value',
        { policies: [{ type: 'Pods', value: -1, periodSeconds: 8 }] },
        ['policies[0].value: Invalid value: -1: must be greater than zero'],
      ],
      [
        'a negative tolerance',
        { tolerance: '-0.001' },
        ['tolerance: Invalid value: "-1m": must be greater than or equal to 0'],
      ],
      [
        'everything wrong at once',
        {
          stabilizationWindowSeconds: -5,
          selectPolicy: '<&>',
          policies: [{}, { type: 'Percent', value: 1, periodSeconds: 1801 }],
          tolerance: '-1',
        },
        [
          'stabilizationWindowSeconds: Invalid value: -5: must be greater than or equal to zero',
          'selectPolicy: Unsupported value: "\\u003c\\u0026\\u003e": supported values: "Disabled", "Max", "Min"',
          'policies[0].type: Unsupported value: "": supported values: "Percent", "Pods"',
          'policies[0].value: Invalid value: 0: must be greater than zero',
          'policies[0].periodSeconds: Invalid value: 0: must be greater than zero',
          'policies[1].periodSeconds: Invalid value: 1801: must be less than or equal to 1800',
          'tolerance: Invalid value: "-1": must be greater than or equal to 0',
        ],
      ],
    ])('refuses %s', (_, rules, expected) => {
      expect(problemsOf({ behavior: { [direction]: rules } })).toEqual(
        expected.map((problem) => `spec.behavior.${direction}.${problem}`),
      );
    });
  });

  it.each<[string, string[]]>([
    ['', ['metadata.name: Required value: name or generateName is required']],
    [
      'Web',
      [
        "metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww',
      [
        'metadata.name: Invalid value: "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww": must be no more than 253 characters',
      ],
    ],
    [
      'ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé',
      [
        'metadata.name: Invalid value: "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé": must be no more than 253 characters',
        "metadata.name: Invalid value: \"ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'a/B',
      [
        "metadata.name: Invalid value: \"a/B\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      '..',
      [
        "metadata.name: Invalid value: \"..\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      'web-',
      [
        "metadata.name: Invalid value: \"web-\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    ['w.e-b', []],
    ['w.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', []],
  ])('judges the name "%s"', (name, expected) => {
    expect(problemsOf({}, { name })).toEqual(expected);
  });
});
