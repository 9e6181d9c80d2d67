import { run } from './run';

describe('plimsoll rules', () => {
  it.each([
    [['check', '/nowhere'], 'cannot read /nowhere'],
    [['check', '.', '--scrape-interval', 'often'], '--scrape-interval: write a duration like 15s'],
    [['check', '.', '--resource', 'A b'], '--resource "A b": write plural.group'],
    [['explain', '.'], 'say where series come from: --series FILE, or --prometheus URL, or --adapter URL'],
    [['explain', '.', '--series', 'a', '--prometheus', 'b'], 'say where series come from'],
    [['explain', '.', '--series', 'a', '--metric', 'x'], 'name both: --metric'],
    [
      ['explain', '.', '--prometheus', 'localhost:9090'],
      '--prometheus "localhost:9090": write an address such as',
    ],
    [['explain', '.', '--prometheus', 'http://x', '--header', 'x'], '--header: write it as "Name: value"'],
    [
      ['explain', '.', '--prometheus', 'http://x', '--header', 'F(oo: secret'],
      '--header: a name has letters, digits',
    ],
    [['explain', '.', '--prometheus', 'http://x', '--header', 'Foo: \u4e2d'], '--header: a name has letters'],
    [['explain', '.', '--prometheus', 'http://h/?tenant=a'], '--prometheus: leave out ? and #'],
    [['explain', '.', '--prometheus', 'http://me:secret%@h'], '--prometheus: write % in the user name'],
    [['explain', '.', '--prometheus', 'http://h/#a'], '--prometheus: leave out ? and #'],
    [
      ['explain', '.', '--prometheus', 'http://x', '--at', '1m', '--label', 'a=b', '--interval', '1m'],
      '--interval, --at, --label: of no effect with --prometheus, only with --series',
    ],
    [
      ['explain', '.', '--series', 'a', '--header', 'a: b', '--timeout', '1s'],
      '--header, --timeout: of no effect with --series, only with --prometheus',
    ],
    [['explain', '.', '--series', 'a', '--selector', 'a=b'], '--selector is of a metric: name it'],
    [['explain', '.', '--series', __filename, '--interval', '0s'], '--interval: write a duration above 0'],
    [['explain', '.', '--series', __filename, '--label', '__name__=x'], '--label __name__: targets have'],
    [['check', '.', '--scrape-interval', '0s'], '--scrape-interval: write a duration above 0'],
    [['explain', '.', '--series', '/nowhere'], 'cannot read /nowhere'],
    [['test', '/nowhere'], 'cannot read /nowhere'],
    [['test'], "missing required argument 'file'"],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await run('rules', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
  });
});
