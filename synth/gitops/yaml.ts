import { Document, isScalar, visit } from 'yaml';

/** First line of every file: whoever opens one knows where it comes from. */
const HEADER = ' Written by plimsoll synth --gitops. Change the stack or its options, and write it again.';

/** How a text that stands alone as a value is written. */
export interface Substitution {
  readonly text: string;
  /** Comment behind it, without its `#`. */
  readonly comment: string;
}

/**
 * Several documents in one file. The same objects make the same bytes: keys keep their order, long lines are not folded,
 * and what objects share is written out.
 * @param substitutions by the value that they stand for
 */
export function yamlFile(
  objects: readonly unknown[],
  substitutions: ReadonlyMap<string, Substitution> = new Map(),
): string {
  const documents = objects.map((object) => documentOf(object, substitutions));
  return `#${HEADER}\n${documents.join('---\n')}`;
}

function documentOf(object: unknown, substitutions: ReadonlyMap<string, Substitution>): string {
  const plain: unknown = JSON.parse(JSON.stringify(object));
  // Flux' parser takes `yes` for a boolean, as YAML 1.1 does.
  const document = new Document(plain, { version: '1.1', aliasDuplicateObjects: false });
  if (substitutions.size > 0) {
    visit(document, {
      Scalar(_key, node) {
        const found = isScalar(node) && typeof node.value === 'string' && substitutions.get(node.value);
        if (!found) return;
        node.value = found.text;
        node.comment = ` ${found.comment}`;
      },
    });
  }
  return document.toString({ lineWidth: 0, directives: false });
}
