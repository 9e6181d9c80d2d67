import { checkObjects } from '../../core/check';
import { allObjects } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { stackFiles, synthesize } from '../../synth';
import { sportsbook } from './sportsbook';

const stack = sportsbook.define({});
const objects = synthesize(stack);
const all = allObjects(objects);

describe('a stack with KEDA, of constructs alone', () => {
  it('has no findings', () => {
    expect(checkObjects(all, stack.cluster, stack.scenario.programs)).toEqual([]);
  });

  it('scales as it is expected to', () => {
    const timeline = rehearse({
      name: stack.name,
      objects: all.map(({ object }) => object),
      cluster: stack.cluster,
      scenario: stack.scenario,
    });
    expect(timeline.problems).toEqual([]);
    expect(timeline.outcomes.map(({ expectation, met }) => [expectation, met])).toEqual([
      ['shop/api-scaler: 3 replicas at 5m', true],
      ['shop/api-scaler: 2 replicas at 12m', true],
      ['shop/api-scaler: never above 3 replicas', true],
    ]);
  });

  it('is installed until the metric of the autoscaler that KEDA makes is there', () => {
    const files = stackFiles(stack, objects, { source: '..' });
    expect(files.get('sportsbook/install.sh')?.content).toContain(
      'shop/s0-prometheus?labelSelector=scaledobject.keda.sh%2Fname%3Dapi-scaler',
    );
  });
});
