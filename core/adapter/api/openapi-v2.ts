import { type ServedMetrics, servedGroups } from './discovery-resources';
import { versionsOf } from './groups';
import { type ApiOperation, operationsOf } from './openapi-operations';
import { type Json, schemaName, schemasOf } from './openapi-schemas';
import { type MetricsGroup } from './routed';

const PREFIX = '#/definitions/';

/** `/openapi/v2`: all that is served, as compact JSON. */
export function encodeOpenApiV2(served: ServedMetrics, serverVersion: string): string {
  const versions = servedGroups(served).flatMap((group) =>
    versionsOf(group).map((version) => ({ group, version })),
  );
  return JSON.stringify({
    swagger: '2.0',
    info: { title: 'Plimsoll adapter', version: serverVersion },
    paths: Object.fromEntries(
      versions.flatMap(({ group, version }) =>
        operationsOf(group, version).map((operation) => [
          operation.path,
          pathItem(group, version, operation),
        ]),
      ),
    ),
    definitions: Object.fromEntries(
      versions.flatMap(({ group, version }) => Object.entries(schemasOf(group, version, PREFIX))),
    ),
  });
}

function pathItem(group: MetricsGroup, version: string, operation: ApiOperation): Json {
  const { id, description, verb, kind, parameters } = operation;
  const schema = { $ref: `${PREFIX}${schemaName(group, version, kind)}` };
  return {
    get: {
      description,
      operationId: id,
      produces: ['application/json'],
      schemes: ['https'],
      tags: [`${group}_${version}`],
      parameters: parameters.map((parameter) => ({
        name: parameter.name,
        in: parameter.in,
        description: parameter.description,
        type: 'string',
        uniqueItems: true,
        ...(parameter.in === 'path' ? { required: true } : {}),
      })),
      responses: { 200: { description: 'OK', schema }, 401: { description: 'Unauthorized' } },
      'x-kubernetes-action': verb,
      'x-kubernetes-group-version-kind': { group, version, kind: kind.replace(/List$/, '') },
    },
  };
}
