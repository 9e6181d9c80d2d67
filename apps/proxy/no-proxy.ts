import { BlockList, isIP } from 'node:net';

/**
 * Whether a server is asked without a proxy, by the rules of Go's `httpproxy`: loopback addresses, and what the list names
 * (`*`, names with all below them, addresses, ranges; each but a range with a port or without).
 * @param list entries with commas between them
 */
export function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return isLoopback(host) || list.split(',').some((entry) => excepts(entry.trim().toLowerCase(), host, port));
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
