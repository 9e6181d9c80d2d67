import {
  discoveryTransform,
  negotiate,
  noTransform,
  tableTransform,
  taggedReply,
  wantsPretty,
} from '../../../../core/adapter/api';

const TABLES =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const REFUSED = {
  refused: {
    code: 406,
    reason: 'NotAcceptable',
    message: 'only the following media types are accepted: application/json',
  },
};

describe('types', () => {
  test.each([
    undefined,
    '',
    '*/*',
    '*',
    'application/*',
    'application/json',
    'application/vnd.kubernetes.protobuf, */*',
    'application/vnd.kubernetes.protobuf,application/json;q=0.5',
    'text/html, application/json',
    'nonsense, application/json',
    'application/json;stream=watch',
  ])('%s takes JSON', (accept) => {
    expect(negotiate(accept, noTransform)).toEqual({ pretty: false });
  });

  test.each([
    'text/html',
    'application/yaml',
    'application/vnd.kubernetes.protobuf',
    'json',
    'a/b/c',
    'text/*',
  ])('%s does not', (accept) => {
    expect(negotiate(accept, noTransform)).toEqual(REFUSED);
  });

  test('pretty is a parameter of the type', () => {
    expect(negotiate('application/json;pretty=1', noTransform)).toEqual({ pretty: true });
  });
});

describe('transformations', () => {
  test('tables where there are some, else the next clause', () => {
    expect(negotiate(TABLES, tableTransform)).toMatchObject({
      transform: { as: 'Table', group: 'meta.k8s.io', version: 'v1' },
    });
    expect(negotiate(TABLES, noTransform)).toEqual({ pretty: false });
    expect(negotiate('application/json;as=Table;v=v1;g=meta.k8s.io', noTransform)).toEqual(REFUSED);
    expect(negotiate('application/json;as=Table;v=v2;g=meta.k8s.io', tableTransform)).toEqual(REFUSED);
  });

  test('the better quality wins', () => {
    const accept = 'application/json;q=0.9,application/json;as=Table;v=v1;g=meta.k8s.io;q=0.8';
    expect(negotiate(accept, tableTransform)).toEqual({ pretty: false });
  });

  test.each(['v2', 'v2beta1'])('aggregated discovery %s', (version) => {
    const accept = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json;q=0.9`;
    expect(negotiate(accept, discoveryTransform)).toMatchObject({ transform: { version } });
  });

  test('discovery as the aggregator asks for it', () => {
    const accept =
      'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io,' +
      'application/json;as=APIGroupDiscoveryList;v=v2beta1;g=apidiscovery.k8s.io,application/json';
    expect(negotiate(accept, discoveryTransform)).toMatchObject({ transform: { version: 'v2' } });
  });
});

describe('for whom the answer is', () => {
  test.each([
    [undefined, false, 'curl/8.5.0', true],
    [undefined, false, 'Mozilla/5.0 (X11)', true],
    [undefined, false, 'kubectl/v1.30.0', false],
    [undefined, false, undefined, false],
    [false, false, 'curl/8.5.0', false],
    [true, false, 'kubectl/v1.30.0', true],
    [false, true, 'kubectl/v1.30.0', true],
  ])('pretty=%s, in the type %s, %s: %s', (parameter, negotiated, agent, expected) => {
    expect(wantsPretty(parameter, negotiated, agent)).toBe(expected);
  });
});

describe('documents with tags', () => {
  const headers = { ETag: '"AB"', Vary: 'Accept', 'Cache-Control': 'public' };

  test.each([undefined, '"CD"', 'AB'])('with %s come whole', (ifNoneMatch) => {
    expect(taggedReply('{}', 'AB', ifNoneMatch)).toEqual({ status: 200, headers, body: '{}' });
  });

  test.each(['"AB"', 'W/"AB"', '"CD", "AB"', '*'])('with %s are known', (ifNoneMatch) => {
    expect(taggedReply('{}', 'AB', ifNoneMatch)).toEqual({ status: 304, headers, body: '' });
  });
});
