import Ajv, { type ValidateFunction } from 'ajv';
import type { KubeObject } from '../../core/kube/object';
import { schemaDocuments } from './schema-documents';

/** Schemas by `apiVersion kind`, compiled when first used. */
export class SchemaStore {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly references = new Map<string, string>();

  static load(): SchemaStore {
    const store = new SchemaStore();
    for (const { name, schema, kinds } of schemaDocuments()) {
      store.ajv.addSchema({ $id: name, ...schema });
      for (const [kind, pointer] of kinds) {
        if (!store.references.has(kind)) store.references.set(kind, name + pointer);
      }
    }
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
}
