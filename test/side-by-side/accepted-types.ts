import { CUSTOM, EXTERNAL, type Question, RESOURCE } from './requests';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const LIST = 'application/json;as=APIGroupDiscoveryList';
const DISCOVERY = `${LIST};v=v2;g=apidiscovery.k8s.io`;
const OLD_DISCOVERY = `${LIST};v=v2beta1;g=apidiscovery.k8s.io`;
const METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** What clients and people send. */
const TYPES: readonly string[] = [
  '*/*',
  '*',
  'application/*',
  'text/*',
  'application/json;pretty=1',
  'application/json;charset=utf-8',
  'application/json;q=0',
  'application/json;stream=watch',
  'application/yaml',
  PROTOBUF,
  `${PROTOBUF},application/json`,
  `application/json;q=0.9,${PROTOBUF};q=0.5`,
  'application/cbor',
  'text/html',
  'text/html,nonsense,application/json',
  'nonsense',
  TABLE,
  `${TABLE},application/json`,
  'application/json;as=Table;v=v9;g=meta.k8s.io',
  DISCOVERY,
  `${DISCOVERY},${OLD_DISCOVERY},application/json`,
  METADATA,
];

/** Those of OpenAPI, besides. */
const DOCUMENT_TYPES: readonly string[] = [
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v3.v1.0+protobuf',
];

/** What to ask in many types of adapters that list these metrics. */
export function typeQuestions(custom: readonly string[], external: readonly string[]): Question[] {
  const place = `${CUSTOM}/v1beta1/namespaces/default`;
  return [
    ...inTypes('groups', '/apis'),
    ...inTypes('group', CUSTOM),
    ...inTypes('resources', `${CUSTOM}/v1beta1`),
    ...inTypes('unknown metric', `${place}/pods/*/no_such_metric`),
    ...custom
      .filter((listed) => listed.startsWith('pods/'))
      .flatMap((listed) => inTypes('object metric', `${place}/${listed.replace('/', '/*/')}`)),
    ...external.flatMap((metric) => inTypes('external metric', `${EXTERNAL}/namespaces/default/${metric}`)),
    ...inTypes('resource metrics', `${RESOURCE}/namespaces/default/pods`),
    ...inTypes('OpenAPI', '/openapi/v2', DOCUMENT_TYPES),
    // Upstream's document is empty, with 200, for what is no type.
    ...inTypes('OpenAPI', `/openapi/v3${CUSTOM}/v1beta1`, DOCUMENT_TYPES).filter(
      ({ accept }) => accept !== 'nonsense',
    ),
  ];
}

function inTypes(form: string, path: string, more: readonly string[] = []): Question[] {
  return [...TYPES, ...more].map((accept) => ({ form, path, accept }));
}
