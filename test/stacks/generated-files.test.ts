import { stacks } from '../../stacks';
import { stackFiles, synthesize } from '../../synth';

describe.each(stacks.map((definition) => [definition.name, definition] as const))(
  'files generated for %s',
  (_name, definition) => {
    const stack = definition.define(definition.options.parse({}));
    const objects = synthesize(stack);
    const files = [...stackFiles(stack, objects, { source: '../..' })];

    it.each(files)('%s', (_path, { content, executable }) => {
      expect({ executable, content }).toMatchSnapshot();
    });
  },
);
