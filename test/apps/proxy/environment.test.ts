import { proxyFromEnvironment } from '../../../apps/proxy';

function shown(url: string, environment: Record<string, string>): string | undefined {
  return proxyFromEnvironment(new URL(url), environment)?.shown;
}

describe('the proxy of the environment', () => {
  test('by scheme; capitals go before small letters, and an empty variable is none', () => {
    const HTTP_PROXY = 'http://a:1';
    expect(shown('http://x', { HTTP_PROXY })).toBe('a:1');
    expect(shown('https://x', { HTTP_PROXY })).toBeUndefined();
    expect(shown('https://x', { https_proxy: 'http://b:2' })).toBe('b:2');
    expect(shown('http://x', { HTTP_PROXY, http_proxy: 'http://b:2' })).toBe('a:1');
    expect(shown('http://x', { HTTP_PROXY: '', http_proxy: 'http://b:2' })).toBe('b:2');
    expect(shown('http://x', { ALL_PROXY: 'http://b:2' })).toBeUndefined();
  });

  test.each([
    ['proxy:3128', 'http:', 'proxy', 3128],
    ['proxy', 'http:', 'proxy', 80],
    ['ada:p@proxy:3128', 'http:', 'proxy', 3128],
    ['https://proxy', 'https:', 'proxy', 443],
    [' http://proxy:80\n', 'http:', 'proxy', 80],
    ['http://[fd00::1]:3128/path', 'http:', 'fd00::1', 3128],
  ])('%j', (value, protocol, hostname, port) => {
    const proxy = proxyFromEnvironment(new URL('http://x'), { HTTP_PROXY: value });
    expect(proxy).toMatchObject({ protocol, hostname, port });
  });

  test('who asks it, with what is escaped in a URL', () => {
    const of = (value: string) =>
      proxyFromEnvironment(new URL('http://x'), { HTTP_PROXY: value })?.authorization;
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    expect(of('http://ada:p%40ss@proxy')).toBe(basic('ada:p@ss'));
    expect(of('ada:p@proxy')).toBe(basic('ada:p'));
    expect(of('http://ada@proxy')).toBe(basic('ada:'));
    expect(of('http://proxy')).toBeUndefined();
  });

  test('none for loopback addresses, and for what NO_PROXY lists', () => {
    const environment = {
      HTTP_PROXY: 'http://proxy:3128',
      NO_PROXY: '10.0.0.0/8, .svc,mimir:9009,example.com,*.test,192.0.2.1,fd00::/8',
    };
    const without = [
      ...['http://localhost:9090', 'http://127.0.0.1:9090', 'http://127.8.8.8', 'http://[::1]'],
      ...[
        'http://prometheus.monitoring.svc:9090',
        'http://10.1.2.3',
        'http://mimir:9009',
        'http://192.0.2.1:1',
      ],
      ...['http://example.com', 'http://a.EXAMPLE.com', 'http://a.test', 'http://[fd00::1]'],
    ];
    expect(without.filter((url) => shown(url, environment) !== undefined)).toEqual([]);
    const through = [
      ...[
        'http://mimir',
        'http://11.1.2.3',
        'http://svc',
        'http://myexample.com',
        'http://test',
        'http://[fe80::1]',
      ],
    ];
    expect(through.filter((url) => shown(url, environment) === undefined)).toEqual([]);
    expect(shown('http://x', { HTTP_PROXY: 'http://proxy', no_proxy: '*' })).toBeUndefined();
  });

  test('HTTP_PROXY is not believed in CGI, where a header sets it', () => {
    const environment = { HTTP_PROXY: 'http://a', HTTPS_PROXY: 'http://a', REQUEST_METHOD: 'GET' };
    expect(() => shown('http://x', environment)).toThrow('HTTP_PROXY is not believed');
    expect(shown('https://x', environment)).toBe('a:80');
  });
});
