import { serves, type ServedMetrics, servedGroups } from './discovery-resources';
import { METRICS_GROUPS, versionsOf } from './groups';
import { type ApiOperation, operationsOf } from './openapi-operations';
import { type Json, schemaName, schemasOf } from './openapi-schemas';
import { type MetricsGroup } from './routed';

const PREFIX = '#/components/schemas/';

/**
 * `/openapi/v3`: where the document of each group and version is, as compact JSON. Each address holds the hash of its
 * document, which tells the aggregator what has changed.
 * @param hash of a document, in hexadecimal digits
 */
export function encodeOpenApiV3Root(
  served: ServedMetrics,
  serverVersion: string,
  hash: (document: string) => string,
): string {
  const paths = servedGroups(served).flatMap((group) =>
    versionsOf(group).map((version): [string, Json] => {
      const tag = hash(encodeDocument(group, version, serverVersion));
      const path = `apis/${group}/${version}`;
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${tag}` }];
    }),
  );
  return JSON.stringify({ paths: Object.fromEntries(paths) });
}

/**
 * The document of one group and version, as compact JSON.
 * @param path `apis/GROUP/VERSION`, as {@link encodeOpenApiV3Root} lists it
 * @returns nothing if that is not served
 */
export function encodeOpenApiV3(
  served: ServedMetrics,
  path: string,
  serverVersion: string,
): string | undefined {
  const [prefix, name, version = '', ...rest] = path.split('/');
  const group = METRICS_GROUPS.find((known) => known === name);
  if (prefix !== 'apis' || !group || rest.length > 0 || !serves(served, group, version)) return undefined;
  return encodeDocument(group, version, serverVersion);
}

function encodeDocument(group: MetricsGroup, version: string, serverVersion: string): string {
  return JSON.stringify({
    openapi: '3.0.0',
    info: { title: 'Plimsoll adapter', version: serverVersion },
    paths: Object.fromEntries(
      operationsOf(group, version).map((operation) => [operation.path, pathItem(group, version, operation)]),
    ),
    components: { schemas: schemasOf(group, version, PREFIX) },
  });
}

function pathItem(group: MetricsGroup, version: string, operation: ApiOperation): Json {
  const { id, description, verb, kind, parameters } = operation;
  const schema = { $ref: `${PREFIX}${schemaName(group, version, kind)}` };
  return {
    get: {
      tags: [`${group}_${version}`],
      description,
      operationId: id,
      parameters: parameters.map((parameter) => ({
        name: parameter.name,
        in: parameter.in,
        description: parameter.description,
        schema: { type: 'string', uniqueItems: true },
        ...(parameter.in === 'path' ? { required: true } : {}),
      })),
      responses: {
        200: { description: 'OK', content: { 'application/json': { schema } } },
        401: { description: 'Unauthorized' },
      },
      'x-kubernetes-action': verb,
      'x-kubernetes-group-version-kind': { group, version, kind: kind.replace(/List$/, '') },
    },
  };
}
