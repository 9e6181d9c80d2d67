import { commandLine, flagValue, isSwitchedOn } from '../../../core/kube/command-line';

describe('the command line of a container', () => {
  it('is command and args, with the environment filled in where it is known and not escaped', () => {
    const container = {
      name: 'a',
      command: ['run', '$(A)'],
      args: ['$(B)/x', '$(UNKNOWN)', '$$(A)', '$5'],
      env: [{ name: 'A', value: 1 }, { name: 'B', value: '$(A)b' }, { name: 'C' }],
    };
    expect(commandLine(container)).toEqual(['run', '1', '1b/x', '$(UNKNOWN)', '$(A)', '$5']);
  });
});

describe('a flag among words', () => {
  it.each<readonly [words: string, value: string | undefined]>([
    ['--port=1', '1'],
    ['-port 1', '1'],
    ['--port=1 --port 2', '2'],
    ['--port=', ''],
    ['--port', ''],
    ['--port=a=b', 'a=b'],
    ['--ports=1 port=2', undefined],
  ])('of %j has the value that comes last', (words, value) => {
    expect(flagValue(words.split(' '), 'port')).toBe(value);
  });

  it.each<readonly [words: string, on: boolean]>([
    ['--rotate --other=x', true],
    ['--rotate=true', true],
    ['--rotate=T', true],
    ['--rotate=false', false],
    ['--rotate --rotate=false', false],
    ['--rotates', false],
  ])('%j: without a value it is switched on', (words, on) => {
    expect(isSwitchedOn(words.split(' '), 'rotate')).toBe(on);
  });
});
