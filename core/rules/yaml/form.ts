/** What may stand in a place of a file: the same description that the reader, the JSON schema and the reference have. */
export type Form = FormKind & {
  /** What the field is for, as a sentence of the reference. */
  readonly description?: string | undefined;
  /** What holds without the field, as it would be written or in words. */
  readonly otherwise?: string | undefined;
};

type FormKind =
  | { readonly kind: 'text' | 'duration' | 'boolean' }
  | { readonly kind: 'whole'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'choice'; readonly words: readonly string[] }
  | { readonly kind: 'list' | 'oneOrMany' | 'record'; readonly item: Form }
  | { readonly kind: 'struct'; readonly fields: Readonly<Record<string, Form>> };
