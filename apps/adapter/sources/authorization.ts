import { messageOf, UsageError } from '../../../core/errors';
import type { SourceSettings } from '../../../core/rules/sources';
import type { Authorizer, Refusal } from './authorizer';
import { basicValue } from './basic';
import type { Deadline } from './deadline';
import { clockOf, type SourceDeps } from './deps';
import type { Endpoint } from './endpoint';
import type { Headers } from './exchange';
import { KubernetesAuthorizer, kubeconfigAccess } from './kubernetes';
import { OAuth2Authorizer } from './oauth2';
import { SourceError } from './outcome';
import { ReloadedFiles } from './reloaded-files';
import { secretOf } from './secret';
import { SigV4Authorizer } from './sigv4';

/**
 * What lets requests to a source in.
 * @throws UsageError for more than one kind of credentials
 */
export function authorizerOf(
  settings: SourceSettings,
  { user }: Endpoint,
  headers: Headers,
  what: string,
  deps: SourceDeps,
): Authorizer {
  const { bearerTokenFile, basic, oauth2, sigv4, kubeconfig } = settings;
  const kinds = { bearerTokenFile, basic, oauth2, sigv4 };
  const given = Object.entries(kinds).flatMap(([kind, value]) => (value === undefined ? [] : [kind]));
  if (given.length > 1) {
    throw new UsageError(`${what}: ${given.join(' and ')}: a request can have one kind of credentials only`);
  }
  // As with Go's clients: a header that was given is not replaced.
  if (headers.some(([name]) => name === 'authorization')) {
    if (given.length > 0)
      deps.logger.warn(`${what}: its header Authorization is sent instead of ${given.join()}`);
    return fixedHeaders([]);
  }
  if (bearerTokenFile !== undefined) return bearerToken(bearerTokenFile, what, deps);
  if (basic) return basicAuth(basic, what, deps);
  if (oauth2) return new OAuth2Authorizer(oauth2, settings, what, clockOf(deps), deps);
  if (sigv4) return new SigV4Authorizer(sigv4, deps.now);
  if (kubeconfig !== undefined) return new KubernetesAuthorizer(kubeconfigAccess(kubeconfig, deps));
  return fixedHeaders(user ? [['authorization', basicValue(user.username, user.password)]] : []);
}

/** Nothing but what never changes. */
function fixedHeaders(headers: Headers): Authorizer {
  return {
    headers: () => Promise.resolve(headers),
    renew: () => Promise.resolve(false),
    close: () => Promise.resolve(),
  };
}

/** `Authorization` from a file that is read again when it changes. */
class FileAuthorizer implements Authorizer {
  constructor(private readonly file: ReloadedFiles<string>) {}

  async headers(_target: unknown, deadline: Deadline): Promise<Headers> {
    try {
      return [['authorization', await deadline.wait(this.file.current())]];
    } catch (error) {
      throw error instanceof SourceError ? error : new SourceError('refused', messageOf(error));
    }
  }

  renew({ sent }: Refusal, deadline: Deadline): Promise<boolean> {
    const [[, used] = ['', '']] = sent;
    return deadline.wait(this.file.renew(used));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A bearer token in a file. */
function bearerToken(path: string, what: string, { now, logger }: SourceDeps): Authorizer {
  const read = ([text]: readonly string[]) => `Bearer ${secretOf(text)}`;
  return new FileAuthorizer(
    new ReloadedFiles({ what: `bearer token of ${what}`, paths: [path], read, now, logger }),
  );
}

/** A user name, and a password in a file. */
function basicAuth(
  { username, passwordFile }: NonNullable<SourceSettings['basic']>,
  what: string,
  { now, logger }: SourceDeps,
): Authorizer {
  const read = ([text]: readonly string[]) => basicValue(username, secretOf(text));
  return new FileAuthorizer(
    new ReloadedFiles({ what: `password of ${what}`, paths: [passwordFile], read, now, logger }),
  );
}
