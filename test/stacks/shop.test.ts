import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkObjects } from '../../core/check';
import { allObjects } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { synthesize } from '../../synth';
import { shop } from './shop';

describe('the stack that README shows', () => {
  const stack = shop.define(shop.options.parse({}));
  const objects = allObjects(synthesize(stack));

  it('is this one, to the letter', () => {
    const source = readFileSync(join(__dirname, 'shop.ts'), 'utf8').replaceAll("'../../", "'../");
    expect(readFileSync(join(__dirname, '../../README.md'), 'utf8')).toContain(source);
  });

  it('has nothing for the checks to complain about', () => {
    expect(checkObjects(objects, stack.cluster).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('meets its expectations', () => {
    const { outcomes } = rehearse({
      name: stack.name,
      objects: objects.map(({ object }) => object),
      cluster: stack.cluster,
      scenario: stack.scenario,
    });
    expect(outcomes.map(({ met }) => met)).toEqual([true, true]);
  });
});
