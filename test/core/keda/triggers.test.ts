import { NotSupportedError } from '../../../core/errors';
import { triggersOf } from '../../../core/keda';
import { prometheus, scaledObject } from './support';

function read(trigger: object) {
  const [found] = triggersOf(scaledObject({ triggers: [trigger] }));
  return found;
}

describe('a prometheus trigger', () => {
  it('has the defaults of KEDA', () => {
    expect(read(prometheus())).toMatchObject({
      index: 0,
      metric: 's0-prometheus',
      metricType: 'AverageValue',
      serverAddress: 'http://p.m.svc:9090',
      query: 'sum(a)',
      threshold: 100,
      activationThreshold: 0,
      ignoreNullValues: true,
      ignoredKeys: [],
    });
  });

  it('takes its place among all triggers for its name', () => {
    const cpu = { type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } };
    const triggers = triggersOf(scaledObject({ triggers: [cpu, prometheus(), prometheus()] }));
    expect(triggers.map((trigger) => ('metric' in trigger ? trigger.metric : trigger.type))).toEqual([
      'cpu',
      's1-prometheus',
      's2-prometheus',
    ]);
  });

  it('reads every key, trimmed, and tells those that nobody reads', () => {
    expect(
      read(
        prometheus(
          {
            threshold: ' 1.5e1 ',
            activationThreshold: '-3',
            ignoreNullValues: 'F',
            namespace: 'x',
            customHeaders: 'A=1, B = 2',
            queryParameters: 'a=b',
            unsafeSsl: 'true',
            timeout: '1500',
            metricName: 'old',
          },
          { metricType: 'Value' },
        ),
      ),
    ).toMatchObject({
      threshold: 15,
      activationThreshold: -3,
      ignoreNullValues: false,
      metricType: 'Value',
      ignoredKeys: ['metricName'],
    });
  });

  // The endings are what Go's encoding/json and strconv say.
  it.each([
    [{ threshold: 'abc' }, "invalid character 'a' looking for beginning of value"],
    [{ threshold: '100m' }, "invalid character 'm' after top-level value"],
    [{ threshold: '5,5' }, "invalid character ',' after top-level value"],
    [{ threshold: '01' }, "invalid character '1' after top-level value"],
    [{ threshold: '+5' }, "invalid character '+' looking for beginning of value"],
    [{ threshold: 'true' }, 'json: cannot unmarshal bool into Go value of type float64'],
    [{ threshold: '1e400' }, 'json: cannot unmarshal number 1e400 into Go value of type float64'],
    [{ threshold: '-' }, 'it is not a number as JSON writes it'],
    [
      { ignoreNullValues: 'yes' },
      'unable to parse boolean value "yes": strconv.ParseBool: parsing "yes": invalid syntax',
    ],
    [{ timeout: 'soon' }, 'must be either a duration string'],
    [{ timeout: '-5s' }, 'duration cannot be negative: "-5s"'],
    [{ timeout: '-5' }, 'duration cannot be negative: -5 milliseconds'],
    [{ timeout: '12345678901234567890' }, 'unable to parse duration value "12345678901234567890"'],
    [{ method: 'body' }, 'parameter "method" value "body" must be one of [header query]'],
    [{ customHeaders: 'A' }, 'expected format key=value, got "A"'],
  ])('refuses %j', (metadata, problem) => {
    expect(() => read(prometheus(metadata))).toThrow(problem);
  });

  it('says everything that is missing at once, in KEDA’s words', () => {
    expect(() => read({ type: 'prometheus', metadata: { threshold: ' ' } })).toThrow(
      'error parsing prometheus metadata: error parsing prometheus metadata: ' +
        ['serverAddress', 'query', 'threshold']
          .map((key) => `missing required parameter "${key}" in [triggerMetadata]`)
          .join('\n'),
    );
  });

  it('refuses a percentage of requests', () => {
    expect(() => read(prometheus({}, { metricType: 'Utilization' }))).toThrow(
      "'Utilization' metric type is unsupported for external metrics",
    );
  });

  it.each([{ authModes: 'bearer' }, { queryParameters: 'limit=1' }, { awsRegion: 'eu' }])(
    'is not modelled with %j',
    (metadata) => {
      expect(() => read(prometheus(metadata))).toThrow(NotSupportedError);
    },
  );
});

describe('a CPU or memory trigger', () => {
  it.each([
    [
      { type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } },
      { target: { type: 'Utilization', averageUtilization: 50 } },
    ],
    [
      { type: 'memory', metricType: 'AverageValue', metadata: { value: '1Gi', containerName: 'a' } },
      { container: 'a' },
    ],
  ])('%j', (trigger, expected) => {
    expect(read(trigger)).toMatchObject(expected);
  });

  it.each([
    [
      { metadata: { value: '50' } },
      "unknown metric type: , allowed values are 'Utilization' or 'AverageValue'",
    ],
    [
      { metricType: 'Utilization', metadata: { value: '50%' } },
      'strconv.ParseInt: parsing "50%": invalid syntax',
    ],
    [{ metricType: 'Utilization', metadata: { value: '99999999999' } }, 'value out of range'],
    [
      { metricType: 'Utilization', metadata: { value: '5', type: 'Utilization' } },
      "The 'type' setting is DEPRECATED",
    ],
    [{ metricType: 'Utilization', metadata: {} }, 'missing required parameter "value"'],
  ])('refuses %j', (trigger, problem) => {
    expect(() => read({ type: 'cpu', ...trigger })).toThrow(problem);
  });
});
