import Ajv, { type ValidateFunction } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { KubeObject } from '../../core/kube/object';
import { closed } from './closed-schema';
import { moduleFolder, SCHEMA_MODULES } from './modules';

const groupVersionKind = z.looseObject({ group: z.string(), version: z.string(), kind: z.string() });
const openApi = z.looseObject({
  components: z.looseObject({
    schemas: z
      .record(
        z.string(),
        z.looseObject({ 'x-kubernetes-group-version-kind': z.array(groupVersionKind).optional() }),
      )
      .default({}),
  }),
});
const crd = z.looseObject({
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(
      z.looseObject({ name: z.string(), schema: z.looseObject({ openAPIV3Schema: z.looseObject({}) }) }),
    ),
  }),
});

/** Schemas by `apiVersion kind`, compiled when first used. */
export class SchemaStore {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly references = new Map<string, string>();

  static load(): SchemaStore {
    const store = new SchemaStore();
    store.addOpenApi(join(moduleFolder(SCHEMA_MODULES.kubernetes), 'api/openapi-spec/v3'));
    store.addCrds(join(moduleFolder(SCHEMA_MODULES.prometheusOperator), 'example/prometheus-operator-crd'));
    store.addCrds(join(moduleFolder(SCHEMA_MODULES.cilium), 'pkg/k8s/apis/cilium.io/client/crds/v2'));
    store.addCrds(join(moduleFolder(SCHEMA_MODULES.keda), 'config/crd/bases'));
    return store;
  }

  /** What is wrong with an object; a kind without a schema is wrong too. */
  problems(object: KubeObject): readonly string[] {
    const key = `${object.apiVersion} ${object.kind}`;
    const reference = this.references.get(key);
    const validate: ValidateFunction | undefined =
      reference === undefined ? undefined : this.ajv.getSchema(reference);
    if (!validate) return [`no schema for ${key}`];
    if (validate(object)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
    );
  }

  private addOpenApi(folder: string): void {
    for (const file of readdirSync(folder).filter((name) => /__v\d+\w*_openapi\.json$/.test(name))) {
      const document: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const { components } = openApi.parse(document);
      this.ajv.addSchema({
        $id: file,
        components: closed({ schemas: withoutClosingSchemas(components.schemas) }),
      });
      for (const [name, schema] of Object.entries(components.schemas)) {
        for (const gvk of schema['x-kubernetes-group-version-kind'] ?? []) {
          const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
          const key = `${apiVersion} ${gvk.kind}`;
          if (!this.references.has(key)) this.references.set(key, `${file}#/components/schemas/${name}`);
        }
      }
    }
  }

  private addCrds(folder: string): void {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      const { spec } = crd.parse(parse(readFileSync(join(folder, file), 'utf8')));
      for (const version of spec.versions) {
        const id = `${spec.group}.${version.name}.${spec.names.kind}`;
        this.ajv.addSchema({
          $id: id,
          ...z.record(z.string(), z.unknown()).parse(closed(version.schema.openAPIV3Schema)),
        });
        this.references.set(`${spec.group}/${version.name} ${spec.names.kind}`, id);
      }
    }
  }
}

/** Schemas that stand for scalars in disguise: quantities and int-or-string are written either way. */
function withoutClosingSchemas(schemas: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      /\.(Quantity|IntOrString)$/.test(name) ? { type: ['string', 'number'] } : schema,
    ]),
  );
}
