import { BlockList, isIP } from 'node:net';

/** Variables of the environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variable that names a proxy for a URL, by the rules of Go's `httpproxy`, which upstream follows: `HTTP_PROXY` or
 * `HTTPS_PROXY` in either case, but for loopback addresses and what `NO_PROXY` lists (`*`, names with all below them,
 * addresses, ranges; each but a range with a port or without).
 */
export function proxyVariable(url: URL, environment: Environment): string | undefined {
  const scheme = url.protocol.slice(0, -1).toUpperCase();
  const name = [`${scheme}_PROXY`, `${scheme}_PROXY`.toLowerCase()].find((each) => environment[each]);
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === undefined || isLoopback(host)) return undefined;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const exceptions = (environment.NO_PROXY || environment.no_proxy || '').split(',');
  return exceptions.some((entry) => excepts(entry.trim().toLowerCase(), host, port)) ? undefined : name;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function excepts(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry === '') return false;
  const family = isIP(host);
  if (entry.includes('/')) return family !== 0 && inRange(entry, host, family === 4 ? 'ipv4' : 'ipv6');
  const [, name = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  const plain = (name === '' ? entry : name).replace(/^\[|\]$/g, '').replace(/^\*\./, '.');
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (plain.startsWith('.')) return host.endsWith(plain);
  return host === plain || (family === 0 && host.endsWith(`.${plain}`));
}

function inRange(range: string, host: string, type: 'ipv4' | 'ipv6'): boolean {
  const [address = '', prefix = ''] = range.split('/');
  const most = type === 'ipv4' ? 32 : 128;
  if (isIP(address) !== (type === 'ipv4' ? 4 : 6) || !/^\d+$/.test(prefix) || Number(prefix) > most)
    return false;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), type);
  return list.check(host, type);
}
