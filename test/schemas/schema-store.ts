import Ajv, { type ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import type { KubeObject } from '../../core/kube/object';
import { schemaDocuments } from './schema-documents';

/** Patterns as the API server reads them: in Go's language, which has `(?i)` where JavaScript has not. */
const goPatterns = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // Compiled patterns are told apart by their text.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
  },
  // Nobody writes this validator out as code.
  { code: 'undefined' },
);

/** Schemas by `apiVersion kind`, compiled when first used. */
export class SchemaStore {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, code: { regExp: goPatterns } });
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
