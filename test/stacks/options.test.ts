import { z } from 'zod';
import type { StackDefinition } from '../../core/model';
import { findStack, parseOptions, stacks } from '../../stacks';

const options = z.strictObject({
  load: z.int('write a whole number').min(0, 'a rate cannot be negative').default(50).describe('load'),
  target: z.number().default(2.5).describe('target'),
  expose: z.boolean().default(false).describe('expose'),
  sides: z.enum(['server', 'both']).default('server').describe('sides'),
  version: z.string().default('1.0.0').describe('version'),
});
const definition: StackDefinition<typeof options> = {
  name: 'demo',
  summary: 'demo',
  options,
  define: () => {
    throw new Error('never defined');
  },
};

describe('options of a stack', () => {
  it('have defaults', () => {
    expect(parseOptions(definition, [])).toEqual({
      load: 50,
      target: 2.5,
      expose: false,
      sides: 'server',
      version: '1.0.0',
    });
  });

  it('are typed by the definition, not by their looks', () => {
    const given = ['load=80', 'target=0.5', 'expose=true', 'sides=both', 'version=2'];
    expect(parseOptions(definition, given)).toEqual({
      load: 80,
      target: 0.5,
      expose: true,
      sides: 'both',
      version: '2',
    });
  });

  it('may hold an equals sign, and the last assignment counts', () => {
    expect(parseOptions(definition, ['version=a', 'version=b=c']).version).toBe('b=c');
  });

  it.each([
    [
      'verison=80',
      'unknown option "verison" of stack demo: there is load, target, expose, sides, version; did you mean "version"?',
    ],
    ['colour=red', 'unknown option "colour" of stack demo: there is load, target, expose, sides, version'],
    ['constructor=x', 'unknown option "constructor"'],
    ['load', '"load" is no option: write KEY=VALUE'],
    ['=80', '"=80" is no option: write KEY=VALUE'],
    ['load=-1', 'option load=-1: a rate cannot be negative'],
    ['load=1.5', 'option load=1.5: write a whole number'],
    ['load=fast', 'option load=fast: '],
    ['load=', 'option load=: '],
    ['expose=yes', 'option expose=yes: '],
    ['sides=none', 'option sides=none: '],
  ])('refuse %s', (assignment, message) => {
    expect(() => parseOptions(definition, [assignment])).toThrow(message);
  });

  it.each([
    ['scrapeInterval=10', 'write a duration'],
    ['scrapeInterval=', 'write a duration'],
    ['rateWindow=0s', 'must be longer than zero'],
    ['target1=0', 'a target must be at least 0.001'],
    ['load2=-5', 'a rate cannot be negative'],
    ['min=0', 'must be at least 1'],
    ['kubernetes=1.36', 'write a full version'],
    ['grafanaImage=grafana/grafana', 'write REPOSITORY:TAG'],
  ])('of the kind stack refuse %s', (assignment, message) => {
    expect(() => parseOptions(findStack('kind'), [assignment])).toThrow(`option ${assignment}: ${message}`);
  });

  it('refuse values that cannot be together', () => {
    expect(() => parseOptions(findStack('kind'), ['min=5', 'max=4'])).toThrow(
      'options of stack kind: min: must not be above max',
    );
  });
});

describe('the registry', () => {
  it('finds every stack by its name', () => {
    for (const stack of stacks) expect(findStack(stack.name)).toBe(stack);
  });

  it('lists what there is when a name is unknown', () => {
    expect(() => findStack('kinf')).toThrow(
      /^unknown stack "kinf": there is .*kind.*; did you mean "kind"\?$/,
    );
  });

  it('has a default and a description for every option', () => {
    for (const stack of stacks) {
      expect(() => parseOptions(stack, [])).not.toThrow();
      for (const [key, option] of Object.entries<z.ZodType>(stack.options.shape)) {
        expect([key, option.description]).toEqual([key, expect.stringMatching(/\w/)]);
      }
    }
  });
});
