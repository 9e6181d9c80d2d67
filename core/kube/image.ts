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

/**
 * The host that a reference names, `localhost:5000` or `ghcr.io`; undefined for one that is left to the container
 * runtime, which takes Docker Hub. What stands before the first slash is a host if it has a dot or a port or is
 * `localhost` (`splitDockerDomain` of github.com/distribution/reference).
 */
export function registryOf(reference: string): string | undefined {
  const [host, ...rest] = parseImage(reference).repository.split('/');
  return rest.length > 0 && host !== undefined && /[.:]|^localhost$/.test(host) ? host : undefined;
}
