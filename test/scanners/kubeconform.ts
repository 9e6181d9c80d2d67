import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { schemaDocuments } from '../schemas/schema-documents';
import type { ScannerFinding } from './finding';
import { scan } from './tools';

/** Where kubeconform looks for the schema of a kind, below the folder of schemas. */
const LAYOUT = '{{ .Group }}/{{ .ResourceAPIVersion }}/{{ .ResourceKind }}.json';

/** `pkg/output/json.go` of kubeconform. */
const judged = z.looseObject({
  resources: z.array(
    z.looseObject({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() }),
  ),
  summary: z.looseObject({
    valid: z.number(),
    invalid: z.number(),
    errors: z.number(),
    skipped: z.number(),
  }),
});

/** What kubeconform says about manifests. */
interface Judgement {
  /** How many objects it looked at. */
  readonly objects: number;
  readonly findings: readonly ScannerFinding[];
}

/** The schemas of all kinds in a folder that kubeconform reads, so that it needs no network. */
export class SchemaFolder {
  private readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-schemas-'));

  constructor() {
    for (const { name, schema, kinds } of schemaDocuments()) {
      this.write(join('documents', name), schema);
      for (const [kind, pointer] of kinds) {
        this.write(kindFile(kind), { $ref: `../../documents/${name}${pointer}` });
      }
    }
  }

  /** Judges manifests, strictly: no fields that a schema does not have, no key twice, no kind without a schema. */
  judge(manifests: string): Judgement {
    const output = scan(
      'kubeconform',
      ['-strict', '-summary', '-output=json', `-schema-location=${this.folder}/${LAYOUT}`, '-'],
      manifests,
    );
    const { resources, summary } = judged.parse(JSON.parse(output));
    return {
      objects: summary.valid + summary.invalid + summary.errors + summary.skipped,
      findings: resources.map(({ kind, name, status, msg }) => ({
        object: `${kind} ${name}`,
        check: status,
        text: msg,
      })),
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(path: string, content: object): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(content));
  }
}

/** As {@link LAYOUT} says; kubeconform takes the version for the group of the core kinds. */
function kindFile(kindText: string): string {
  const [apiVersion = '', kind = ''] = kindText.split(' ');
  const [group = '', version = group] = apiVersion.split('/');
  return join(group, version, `${kind.toLowerCase()}.json`);
}
