/** One file that a stack generates. */
export interface GeneratedFile {
  readonly content: string;
  readonly executable: boolean;
}

/** Files by their path, relative to the output folder, with forward slashes. */
export type GeneratedFiles = ReadonlyMap<string, GeneratedFile>;

/** A file to read. */
export function textFile(content: string): GeneratedFile {
  return { content, executable: false };
}

/** A file to run. */
export function scriptFile(content: string): GeneratedFile {
  return { content, executable: true };
}
