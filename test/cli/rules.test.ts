import { run, runIn } from './run';

describe('plimsoll rules', () => {
  it.each([['check'], ['explain'], ['test'], ['default'], ['schema']])(
    'helps: %s --help',
    async (command) => {
      const { exitCode, stdout } = await run('rules', command, '--help');
      expect(exitCode).toBe(0);
      expect(stdout).toMatchSnapshot();
    },
  );
});

describe('plimsoll rules default', () => {
  it('prints rules with which an adapter starts', async () => {
    const words = ['--label-prefix', 'kube_', '--rate-interval', '2m'];
    const { exitCode, stdout } = await run('rules', 'default', ...words);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('template: kube_<<.Resource>>');
    expect(stdout).toContain('[2m]');
    expect(stdout).toContain('\nplimsoll:\n');
    const checked = await runIn({ stdin: [stdout] }, 'rules', 'check', '-');
    expect(checked.exitCode).toBe(0);
    expect(new Set(checked.stdout.match(/\[[a-z-]+\]/g))).toEqual(new Set(['[selector-too-wide]']));
  });

  it('prints what upstream reads when told so', async () => {
    const { stdout } = await run('rules', 'default', '--upstream-only');
    expect(stdout).toContain('[5m]');
    expect(stdout).not.toContain('plimsoll');
  });

  it.each([
    [['--label-prefix', 'a-b'], '--label-prefix: write the beginning of a label'],
    [['--rate-interval', 'x'], '--rate-interval: write a duration'],
    [['--rate-interval', '0s'], 'the rate interval must be at least'],
  ])('refuses %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await run('rules', 'default', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
