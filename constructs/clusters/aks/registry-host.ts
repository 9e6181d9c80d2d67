/** An Azure Container Registry by its address. */
export interface AcrHost {
  /** Name of the resource. */
  readonly name: string;
  /** `NAME.azurecr.io`, or with the hash of a domain name label `NAME-HASH.azurecr.io`. */
  readonly host: string;
  /** What repositories are below, with a slash at its end; empty for the root. */
  readonly prefix: string;
}

const ACR_HOST = /^([a-z0-9]{5,50})(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us)$/;

/** Reads `HOST[/PATH]`; nothing where the host is not one of Azure Container Registry. */
export function parseAcr(registry: string): AcrHost | undefined {
  const [host = '', ...path] = registry.split('/').filter((part) => part !== '');
  const name = ACR_HOST.exec(host)?.[1];
  return name === undefined ? undefined : { name, host, prefix: path.map((part) => `${part}/`).join('') };
}
