/** Where a Git repository is reached by SSH. */
export interface GitHost {
  readonly name: string;
  /** Absent for 22. */
  readonly port: string | undefined;
}

/**
 * Keys of hosts that publish them.
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
 */
const PUBLISHED_KEYS: Readonly<Record<string, string>> = {
  'github.com': 'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
};

/** The host of a repository's address, or what is wrong with the address. */
export function parseGitUrl(url: string): GitHost | string {
  const scp = /^([\w.-]+@[\w.-]+):(?!\/\/)\/?(.+)$/.exec(url);
  if (scp) return `write it as an address: ssh://${scp[1] ?? ''}/${scp[2] ?? ''}`;
  if (/^https?:/.test(url)) return 'a deploy key works with SSH alone: write ssh://git@HOST/OWNER/REPOSITORY';
  const [, name, port] = /^ssh:\/\/[\w.-]+@([\w.-]+)(?::(\d+))?\/[^\s/?#]+[^\s?#]*$/.exec(url) ?? [];
  if (name === undefined) return 'write ssh://git@HOST/OWNER/REPOSITORY';
  return { name: name.toLowerCase(), port: port === '22' ? undefined : port };
}

/** The keys of a host, in the format of known_hosts, where it publishes them. */
export function defaultKnownHosts(host: GitHost): string | undefined {
  return PUBLISHED_KEYS[knownHostsName(host)];
}

/** What a host is called in known_hosts: `[git.example.com]:2222` with a port of its own. */
export function knownHostsName({ name, port }: GitHost): string {
  return port === undefined ? name : `[${name}]:${port}`;
}

/** Whether a text in the format of known_hosts has a key of the host; of hashed names that cannot be said, so yes. */
export function mentionsHost(knownHosts: string, host: GitHost): boolean {
  return knownHosts.split('\n').some((line) => {
    const [names = '', ...key] = line.trim().split(/\s+/);
    if (names.startsWith('#') || key.length < 2) return false;
    return names.startsWith('|1|') || names.toLowerCase().split(',').includes(knownHostsName(host));
  });
}
