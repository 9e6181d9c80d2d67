/** A reference of an image, in its parts. */
export interface ImageReference {
  /** Without a registry's name only if the reference has none: `quay.io/prometheus/prometheus`, `plimsoll/adapter`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…`. */
  readonly digest: string | undefined;
}

/**
 * Takes `HOST:PORT/PATH:TAG@DIGEST` apart, as container runtimes do: a colon is that of a tag only after the last slash.
 * @throws Error if nothing is left as the repository
 */
export function parseReference(text: string): ImageReference {
  const [named = '', digest] = text.split('@', 2);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const repository = colon < 0 ? named : named.slice(0, colon);
  if (repository === '') throw new Error(`image "${text}": write NAME, NAME:TAG or NAME@DIGEST`);
  return { repository, tag: colon < 0 ? undefined : named.slice(colon + 1), digest };
}
