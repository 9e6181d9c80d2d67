import { z } from 'zod';
import { NotSupportedError, UsageError, messageOf } from '../../core/errors';
import { issueText } from '../../core/kube/object';
import { parseYaml, type YamlNode } from '../../core/rules/yaml';

const text = z.string().optional();
const flag = z.enum(['true', 'false']).optional();

const cluster = z.object({
  server: z.string().min(1),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': text,
  'proxy-url': text,
});
const user = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  exec: z.looseObject({ command: z.string() }).optional(),
  'auth-provider': z.looseObject({ name: z.string() }).optional(),
});
const context = z.object({ cluster: z.string(), user: text });
const kubeconfig = z.object({
  'current-context': text,
  clusters: z.array(z.object({ name: z.string(), cluster })).default([]),
  users: z.array(z.object({ name: z.string(), user: user.default({}) })).default([]),
  contexts: z.array(z.object({ name: z.string(), context })).default([]),
});

/** The cluster and the user of one context of a kubeconfig file (`k8s.io/client-go/tools/clientcmd/api/v1`). */
export interface KubeconfigContext {
  readonly cluster: z.output<typeof cluster>;
  readonly user: z.output<typeof user>;
}

/**
 * Reads one context of a kubeconfig file, in YAML or JSON.
 * @param where names the file in errors
 * @param name of the context, the current one unless given
 * @throws UsageError if the text is no kubeconfig, or has no such context
 * @throws NotSupportedError on what changes who one is or whom one trusts in a way that is not modelled
 */
export function readKubeconfig(source: string, where: string, name?: string): KubeconfigContext {
  const result = kubeconfig.safeParse(plain(parsed(source, where)));
  if (!result.success) throw new UsageError(`${where}: not a kubeconfig: ${issueText(result.error)}`);
  const { clusters, users, contexts, 'current-context': current } = result.data;
  const wanted = name ?? current;
  if (wanted === undefined || wanted === '') throw new UsageError(`${where}: current-context is not set`);
  const chosen = named(contexts, wanted, `${where}: context`).context;
  const found = named(clusters, chosen.cluster, `${where}: context "${wanted}": cluster`).cluster;
  const userName = chosen.user ?? '';
  const who = userName === '' ? {} : named(users, userName, `${where}: context "${wanted}": user`).user;
  refuseUnsupported({ cluster: found, user: who }, where);
  return { cluster: found, user: who };
}

function parsed(source: string, where: string): YamlNode | undefined {
  try {
    return parseYaml(source).root;
  } catch (error) {
    throw new UsageError(`${where}: not YAML: ${messageOf(error)}`);
  }
}

/** Scalars stay texts, except those that say that there is nothing. */
function plain(node: YamlNode | undefined): unknown {
  switch (node?.kind) {
    case 'mapping':
      return Object.fromEntries(
        node.entries.flatMap(([key, value]): [string, unknown][] => {
          const field = plain(value);
          return key.kind === 'scalar' && field !== undefined ? [[key.value, field]] : [];
        }),
      );
    case 'sequence':
      return node.items.map(plain);
    case 'scalar':
      return node.implicit && ['', '~', 'null'].includes(node.value) ? undefined : node.value;
    case 'alias':
    case undefined:
      return undefined;
  }
}

function named<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  name: string,
  what: string,
): Entry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) throw new UsageError(`${what} "${name}" is not in the file`);
  return entry;
}

function refuseUnsupported({ cluster: { ...server }, user: who }: KubeconfigContext, where: string): void {
  if (server['insecure-skip-tls-verify'] === 'true') {
    throw new NotSupportedError(
      `${where}: insecure-skip-tls-verify; whoever answers would be believed: set certificate-authority instead`,
    );
  }
  if (server['proxy-url']) throw new NotSupportedError(`${where}: proxy-url "${server['proxy-url']}"`);
  if (who.exec) {
    throw new NotSupportedError(
      `${where}: exec plugin "${who.exec.command}"; give a token, a tokenFile or a client certificate`,
    );
  }
  if (who['auth-provider']) {
    throw new NotSupportedError(`${where}: auth-provider "${who['auth-provider'].name}"`);
  }
  if (who.as) throw new NotSupportedError(`${where}: impersonation of "${who.as}"`);
}
