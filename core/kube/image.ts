/** An image reference taken apart. */
export interface ImageReference {
  /** Without tag and digest: `quay.io/prometheus/prometheus`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Takes an image reference apart; a port in the registry's name is not mistaken for a tag. */
export function parseImage(reference: string): ImageReference {
  const [withoutDigest = '', digest] = reference.split('@');
  const slash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const repository = colon < 0 ? withoutDigest : withoutDigest.slice(0, colon);
  return {
    repository,
    ...(colon < 0 ? {} : { tag: withoutDigest.slice(colon + 1) }),
    ...(digest === undefined ? {} : { digest }),
  };
}
