import { commandLine } from '../../../core/kube/command-line';

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
