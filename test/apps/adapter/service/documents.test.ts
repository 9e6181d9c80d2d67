import { Documents } from '../../../../apps/adapter/service/documents';
import { Registry } from '../../../../core/adapter';
import { encodeOpenApiV3 } from '../../../../core/adapter/api/openapi-v3';
import { ApiResources } from '../../../../core/kube/api-resources';
import { parseAdapterConfig } from '../../../../core/rules';

jest.mock('../../../../core/adapter/api/openapi-v3', () => {
  const actual = jest.requireActual<Record<string, (...given: unknown[]) => unknown>>(
    '../../../../core/adapter/api/openapi-v3',
  );
  return { ...actual, encodeOpenApiV3: jest.fn(actual['encodeOpenApiV3']) };
});

const PATH = 'apis/external.metrics.k8s.io/v1beta1';

function registryOf(text: string): Registry {
  return Registry.create(parseAdapterConfig(text, 'config.yaml'), ApiResources.builtin());
}

describe('documents', () => {
  const external = registryOf('externalRules: [{seriesQuery: a, metricsQuery: a}]');
  let registry = external;
  const documents = new Documents(() => registry, 'v1');

  it('of OpenAPI v3 are written once for a registry', () => {
    const document = documents.openApiV3(PATH);
    expect(document?.hash).toMatch(/^[0-9A-F]{128}$/);
    expect(encodeOpenApiV3).toHaveBeenCalledTimes(1);
    expect(documents.openApiV3(PATH)).toBe(document);
    expect(encodeOpenApiV3).toHaveBeenCalledTimes(1);
  });

  it('follow the registry', () => {
    registry = registryOf('rules: [{seriesQuery: a, metricsQuery: a}]');
    expect(documents.openApiV3(PATH)).toBeUndefined();
    expect(documents.served.external).toBeUndefined();
    registry = external;
    expect(documents.openApiV3(PATH)).toBeDefined();
  });
});
