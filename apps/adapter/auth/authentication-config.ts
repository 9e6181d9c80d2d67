import { z } from 'zod';
import { messageOf } from '../../../core/errors';
import { type FrontProxyTrust } from './front-proxy';
import { STANDARD_HEADERS, type IdentityHeaders } from './identity-headers';
import { TrustRoots } from './trust-roots';

/** Whom to believe. Either part may be missing: then nobody is recognised that way. */
export interface AuthenticationTrust {
  readonly frontProxy?: FrontProxyTrust | undefined;
  /** Authorities of clients' own certificates. */
  readonly clients?: TrustRoots | undefined;
}

/** Where the trust of the moment comes from. */
export interface AuthenticationConfigSource {
  readonly current: AuthenticationTrust;
}

/** What flags or the cluster say about the front proxy and clients; PEM and names as they are written there. */
export interface TrustSettings {
  readonly clientCa?: string | undefined;
  readonly requestHeaderCa?: string | undefined;
  readonly allowedNames?: readonly string[] | undefined;
  readonly usernameHeaders?: readonly string[] | undefined;
  readonly uidHeaders?: readonly string[] | undefined;
  readonly groupHeaders?: readonly string[] | undefined;
  readonly extraHeaderPrefixes?: readonly string[] | undefined;
}

const names = z.array(z.string().trim().min(1));
const jsonNames = z
  .string()
  .optional()
  .transform((text, context): string[] | undefined => {
    if (text === undefined || text === '') return undefined;
    try {
      return names.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'is no JSON array of names' });
      return z.NEVER;
    }
  });

/** Keys of the ConfigMap `kube-system/extension-apiserver-authentication`. */
const configMapData = z.object({
  'client-ca-file': z.string().optional(),
  'requestheader-client-ca-file': z.string().optional(),
  'requestheader-allowed-names': jsonNames,
  'requestheader-username-headers': jsonNames,
  'requestheader-uid-headers': jsonNames,
  'requestheader-group-headers': jsonNames,
  'requestheader-extra-headers-prefix': jsonNames,
});

/**
 * Reads the data of the ConfigMap in which an API server publishes whom extension servers are to believe.
 * @throws if a value is not what its key stands for
 */
function configMapTrust(data: unknown): TrustSettings {
  const read = configMapData.safeParse(data ?? {});
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Error(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  return {
    clientCa: read.data['client-ca-file'],
    requestHeaderCa: read.data['requestheader-client-ca-file'],
    allowedNames: read.data['requestheader-allowed-names'],
    usernameHeaders: read.data['requestheader-username-headers'],
    uidHeaders: read.data['requestheader-uid-headers'],
    groupHeaders: read.data['requestheader-group-headers'],
    extraHeaderPrefixes: read.data['requestheader-extra-headers-prefix'],
  };
}

/** Where settings come from. */
export type TrustOrigin = 'flags' | 'cluster';

/** What changed, and what could not be read. */
export interface TrustHolderProps {
  /** Told after each change, with where it came from. */
  readonly onChange: (origin: TrustOrigin) => void;
  /** Told why settings were not taken; the last good ones stay. */
  readonly onProblem: (message: string, origin: TrustOrigin) => void;
}

/**
 * The trust of the moment: what flags say, and for what they leave out what the cluster says. Settings that cannot be
 * read change nothing. Roots that stay the same stay the same object, and with them what is known of open connections.
 */
export class TrustHolder implements AuthenticationConfigSource {
  private flags: TrustSettings = {};
  private cluster: TrustSettings = {};
  private trust: AuthenticationTrust = {};

  constructor(private readonly props: TrustHolderProps) {}

  get current(): AuthenticationTrust {
    return this.trust;
  }

  /** What is dangerous about the trust of the moment, though it can be read. */
  get risk(): string | undefined {
    const { frontProxy, clients } = this.trust;
    return frontProxy && frontProxy.roots.pem === clients?.pem && frontProxy.allowedNames.length === 0
      ? 'every client with a certificate can act as anybody, because front proxy and clients have one authority and ' +
          'no names are required: set requestheader-allowed-names of the API server'
      : undefined;
  }

  /** Takes what the files of flags say. @returns whether it could be read */
  setFlags(settings: TrustSettings): boolean {
    return this.take({ flags: settings, cluster: this.cluster }, 'flags', 'flags');
  }

  /** Takes the data of the ConfigMap. @returns whether it could be read */
  setConfigMap(data: unknown): boolean {
    try {
      return this.take({ flags: this.flags, cluster: configMapTrust(data) }, CONFIG_MAP, 'cluster');
    } catch (error) {
      this.props.onProblem(`${CONFIG_MAP}: ${messageOf(error)}; what was read before stays`, 'cluster');
      return false;
    }
  }

  private take(
    settings: { flags: TrustSettings; cluster: TrustSettings },
    what: string,
    origin: TrustOrigin,
  ): boolean {
    try {
      this.trust = this.merged(settings.flags, settings.cluster);
    } catch (error) {
      this.props.onProblem(`${what}: ${messageOf(error)}; what was read before stays`, origin);
      return false;
    }
    this.flags = settings.flags;
    this.cluster = settings.cluster;
    this.props.onChange(origin);
    return true;
  }

  private merged(flags: TrustSettings, cluster: TrustSettings): AuthenticationTrust {
    const proxy = flags.requestHeaderCa ? flags : cluster;
    const clientCa = flags.clientCa || cluster.clientCa;
    return {
      clients: clientCa ? roots(clientCa, this.trust.clients, 'client CA') : undefined,
      frontProxy: proxy.requestHeaderCa
        ? {
            roots: roots(proxy.requestHeaderCa, this.trust.frontProxy?.roots, 'request header CA'),
            allowedNames: proxy.allowedNames ?? [],
            headers: headersOf(proxy),
          }
        : undefined,
    };
  }
}

const CONFIG_MAP = 'ConfigMap kube-system/extension-apiserver-authentication';

function roots(pem: string, before: TrustRoots | undefined, what: string): TrustRoots {
  if (before?.pem === pem) return before;
  try {
    return new TrustRoots(pem);
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

function headersOf(settings: TrustSettings): IdentityHeaders {
  const lower = (given: readonly string[] | undefined, standard: readonly string[]) =>
    given?.map((name) => name.toLowerCase()) ?? standard;
  return {
    usernames: lower(settings.usernameHeaders, STANDARD_HEADERS.usernames),
    // An API server that does not send it does not publish it either.
    uids: lower(settings.uidHeaders, []),
    groups: lower(settings.groupHeaders, STANDARD_HEADERS.groups),
    extraPrefixes: lower(settings.extraHeaderPrefixes, STANDARD_HEADERS.extraPrefixes),
  };
}
