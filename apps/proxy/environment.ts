import { NotSupportedError, UsageError } from '../../core/errors';
import { isExcepted } from './no-proxy';

/** Variables of the environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy of HTTP, as a variable of the environment names it. */
export interface Proxy {
  /** The variable. */
  readonly variable: string;
  /** Of the connection to the proxy. */
  readonly protocol: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  /** Host and port: all of it that may be shown. */
  readonly shown: string;
  /** Value of `Proxy-Authorization`, where the variable has a user. */
  readonly authorization: string | undefined;
}

/** The proxy by which a URL is asked; undefined for none. */
export type Proxies = (url: URL) => Proxy | undefined;

/**
 * The variable that names a proxy for a URL, as Go's `ProxyFromEnvironment` finds it: `HTTP_PROXY` for `http` and
 * `HTTPS_PROXY` for `https`, in capitals before small letters, but for loopback addresses and what `NO_PROXY` lists.
 */
export function proxyVariable(url: URL, environment: Environment): string | undefined {
  const scheme = url.protocol.slice(0, -1);
  const variable = [`${scheme}_proxy`.toUpperCase(), `${scheme}_proxy`].find((name) => environment[name]);
  const exceptions = environment.NO_PROXY || environment.no_proxy || '';
  return variable === undefined || isExcepted(url, exceptions) ? undefined : variable;
}

/**
 * The proxy that the environment has for a URL.
 * @throws UsageError if the variable is no URL of a proxy; its value is not shown, since it may have a password in it
 * @throws NotSupportedError for other proxies than those of HTTP
 */
export function proxyFromEnvironment(url: URL, environment: Environment): Proxy | undefined {
  const variable = proxyVariable(url, environment);
  if (variable === undefined) return undefined;
  // What runs as CGI has the header `Proxy` of whoever asks it in HTTP_PROXY.
  if (url.protocol === 'http:' && environment.REQUEST_METHOD) {
    throw new UsageError(
      `${variable} is not believed while REQUEST_METHOD is set, as in CGI: unset one of them`,
    );
  }
  return readProxy(variable, environment[variable]?.trim() ?? '');
}

function readProxy(variable: string, value: string): Proxy {
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol, hostname } = url ?? {};
  if (!url || !hostname) {
    throw new UsageError(`${variable} is no URL of a proxy, like http://proxy.example:3128`);
  }
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new NotSupportedError(
      `${variable} with a proxy of ${url.protocol}//: name one of http:// or https://, or in NO_PROXY what is asked without`,
    );
  }
  const port = Number(url.port) || (protocol === 'https:' ? 443 : 80);
  return {
    variable,
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    shown: `${hostname}:${port}`,
    authorization: authorizationOf(url, variable),
  };
}

function authorizationOf({ username, password }: URL, variable: string): string | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const pair = [username, password].map(decodeURIComponent).join(':');
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch {
    throw new UsageError(`${variable}: a percent sign in its user name or password has to be written as %25`);
  }
}
