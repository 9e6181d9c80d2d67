/** The text of each key of a ConfigMap or Secret. */
export type Texts = ReadonlyMap<string, Buffer>;
