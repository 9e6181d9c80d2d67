/** A place in a text; all from 0, in characters. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** What libyaml says of a text that is no YAML, and where. */
export class YamlError extends Error {
  override readonly name = 'YamlError';

  constructor(
    message: string,
    readonly mark: Mark,
  ) {
    super(message);
  }
}
