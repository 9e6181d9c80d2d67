import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { closed } from './closed-schema';
import { moduleFolder, SCHEMA_MODULES } from './modules';

/** A JSON Schema document, closed, and the kinds whose schemas it holds. */
export interface SchemaDocument {
  /** Unique; no path. */
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** `apiVersion kind` → JSON pointer into the document, `#` for the whole of it. */
  readonly kinds: ReadonlyMap<string, string>;
}

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
const schemaObject = z.record(z.string(), z.unknown());

/** Folders of CRDs in the modules of the projects that define them. */
const CRD_FOLDERS = [
  [SCHEMA_MODULES.prometheusOperator, 'example/prometheus-operator-crd'],
  [SCHEMA_MODULES.cilium, 'pkg/k8s/apis/cilium.io/client/crds/v2'],
  [SCHEMA_MODULES.keda, 'config/crd/bases'],
  [SCHEMA_MODULES.fluxSource, 'config/crd/bases'],
  [SCHEMA_MODULES.fluxKustomize, 'config/crd/bases'],
  [SCHEMA_MODULES.fluxHelm, 'config/crd/bases'],
  [SCHEMA_MODULES.fluxImageReflector, 'config/crd/bases'],
  [SCHEMA_MODULES.fluxImageAutomation, 'config/crd/bases'],
] as const;

/** The schemas of Kubernetes itself and of the custom resources that stacks use, from Go's module cache. */
export function schemaDocuments(): readonly SchemaDocument[] {
  return [
    ...openApiDocuments(join(moduleFolder(SCHEMA_MODULES.kubernetes), 'api/openapi-spec/v3')),
    ...CRD_FOLDERS.flatMap(([module, folder]) => crdDocuments(join(moduleFolder(module), folder))),
  ];
}

/** One document for each version of each group of the API server. */
function openApiDocuments(folder: string): SchemaDocument[] {
  const files = readdirSync(folder).filter((name) => /__v\d+\w*_openapi\.json$/.test(name));
  return files.map((name) => {
    const document: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const { schemas } = openApi.parse(document).components;
    const kinds = Object.entries(schemas).flatMap(([key, schema]) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).map(({ group, version, kind }): [string, string] => [
        `${group === '' ? version : `${group}/${version}`} ${kind}`,
        `#/components/schemas/${key}`,
      ]),
    );
    const components = closed({ schemas: withoutClosingSchemas(schemas) });
    return { name, schema: { components }, kinds: new Map(kinds) };
  });
}

/** One document for each version of each custom resource. */
function crdDocuments(folder: string): SchemaDocument[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.flatMap((file) => {
    const { group, names, versions } = crd.parse(parse(readFileSync(join(folder, file), 'utf8'))).spec;
    return versions.map((version) => ({
      name: `${group}.${version.name}.${names.kind}`,
      schema: schemaObject.parse(closed(version.schema.openAPIV3Schema)),
      kinds: new Map([[`${group}/${version.name} ${names.kind}`, '#']]),
    }));
  });
}

/** Schemas that stand for scalars in disguise: quantities and int-or-string are written either way. */
function withoutClosingSchemas(schemas: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      /\.(Quantity|IntOrString)$/.test(name) ? { type: ['string', 'number'] } : schema,
    ]),
  );
}
