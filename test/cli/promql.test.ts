import { writeFileSync } from 'node:fs';
import { run, runWith } from './run';
import { temporaryFolder } from './temporary-folder';

const folder = temporaryFolder();

const GOOD = 'load 1m\n  m 1+1x5\n\neval instant at 2m m\n  m 3\n';
const BAD = 'eval instant at 0 1\n  2\n\neval instant at 0 2\n  2\n';
const EXPERIMENTAL = 'load 1m\n  m 1+1x5\n\neval instant at 5m mad_over_time(m[5m])\n  {} 1\n';

function script(name: string, text: string): string {
  const path = folder.path(name);
  writeFileSync(path, text);
  return path;
}

describe('plimsoll promql test', () => {
  it('counts the cases of each script, and says where one failed with what it got', async () => {
    const [good, bad] = [script('good.test', GOOD), script('bad.test', BAD)];
    const { exitCode, stdout, stderr } = await run('promql', 'test', good, bad);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout.replaceAll(bad, 'bad.test')).toBe(
      [
        'bad.test:1 1',
        '  another result than expected',
        '    - scalar 2',
        '    + scalar 1',
        '',
        'script     cases  passed  failed  skipped',
        'good.test      1       1       0        0',
        'bad.test       2       1       1        0',
        '               3       2       1        0',
        '',
      ].join('\n'),
    );
  });

  it('skips what needs a feature, which is no failure, and runs it with the feature', async () => {
    const path = script('experimental.test', EXPERIMENTAL);
    const skipped = await run('promql', 'test', path);
    expect(skipped.exitCode).toBe(0);
    expect(skipped.stdout).toMatch(/1 +0 +0 +1 +1 needs promql-experimental-functions\n$/);
    const flag = ['--enable-feature', 'use-start-timestamps,promql-experimental-functions'];
    expect((await run('promql', 'test', ...flag, path)).stdout).toMatch(/1 +1 +0 +0\n$/);
  });

  it('writes every case as JSON', async () => {
    const { exitCode, stdout } = await run('promql', 'test', '--json', script('bad.test', BAD));
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        ...{ cases: 2, passed: 1, failed: 1, skipped: {} },
        results: [
          { line: 1, expression: '1', status: 'failed', detail: ['- scalar 2', '+ scalar 1'] },
          { line: 4, expression: '2', status: 'passed' },
        ],
      },
    ]);
  });

  it('paints what was expected green and what came red, on a terminal', async () => {
    const { stdout } = await runWith({ TTY: '1' }, 'promql', 'test', script('bad.test', BAD));
    expect(stdout).toContain('\u001b[32m- scalar 2\u001b[39m');
    expect(stdout).toContain('\u001b[31m+ scalar 1\u001b[39m');
  });

  it('cannot use a text that is no script', async () => {
    const { exitCode, stderr } = await run('promql', 'test', script('odd.test', 'hello\n'));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/odd\.test: line 1: unknown command "hello"/);
  });

  it('does not hand control characters of a file to the terminal', async () => {
    const long = `\u001b[31m${'x'.repeat(100)}\n`;
    const unknown = await run('promql', 'test', script('odd.test', long));
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(`unknown command "\\x1b[31m${'x'.repeat(35)}": it must be`);
    const series = await run('promql', 'test', script('odd.test', 'load 1m\n  m 1 \u001b[31m\n'));
    expect(series.exitCode).toBe(2);
    const failed = await run(
      'promql',
      'test',
      script('odd.test', 'eval instant at 0 vector(1) # \u001b[31m\n  2\n'),
    );
    expect(failed.stdout + series.stderr).not.toContain('\u001b');
    expect(failed.stdout).toContain('\\u001b[31m');
  });

  it.each(['', '# nothing\n', 'load 1m\n  m 1\n'])('cannot use a script without a case: %j', async (text) => {
    const { exitCode, stdout, stderr } = await run('promql', 'test', script('empty.test', text));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('empty.test: the script has no case: write an eval command');
  });

  it.each([
    ['a file that is not there', ['nowhere.test'], /cannot read nowhere\.test/],
    [
      'a misspelt feature',
      ['--enable-feature', 'promql-duration-exp', 'x'],
      /did you mean "promql-duration-expr"\?/,
    ],
    [
      'a feature that does not change queries',
      ['--enable-feature', 'old-ui', 'x'],
      /unknown feature "old-ui": those/,
    ],
    ['no script', [], /missing required argument 'file'/],
  ])('cannot use %s', async (_, words, problem) => {
    const { exitCode, stderr } = await run('promql', 'test', ...words);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(problem);
  });
});
