import { proxyFromEnvironment, proxyVariable, type Proxies } from '../../proxy';
import type { SourceDeps } from './deps';

/**
 * The proxies that the environment has for what is asked at a URL. A redirect may lead to a URL that has another one.
 * @param what the source, as the log names it
 * @throws UsageError if the one of the URL cannot be, or is not one of HTTP
 */
export function sourceProxies(url: URL, what: string, { environment = {}, logger }: SourceDeps): Proxies {
  const proxies: Proxies = (asked) => proxyFromEnvironment(asked, environment);
  const proxy = proxies(url);
  if (proxy) logger.info(`${what} is asked through the proxy of ${proxy.variable}`, { proxy: proxy.shown });
  return proxies;
}

/** Upstream's client makes its own connections where it is given authorities, and these know no proxy. */
export function noProxies(url: URL, what: string, { environment = {}, logger }: SourceDeps): Proxies {
  const variable = proxyVariable(url, environment);
  if (variable !== undefined) {
    logger.warn(
      `${variable} has no effect: as upstream does with --prometheus-ca-file, ${what} is asked without a proxy`,
    );
  }
  return () => undefined;
}
