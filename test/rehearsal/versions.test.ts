import { defineScenario } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { appProgram, parseYaml, PLAIN_CHAIN, PLAIN_CLUSTER } from './fixture';

function play(kubernetes: string, unproven?: boolean): string {
  return rehearse({
    name: 'plain',
    objects: parseYaml(PLAIN_CHAIN),
    cluster: { ...PLAIN_CLUSTER, kubernetes },
    scenario: defineScenario({ duration: '1m', programs: [appProgram()] }, 'test'),
    unproven,
  }).cluster;
}

describe('the Kubernetes version of a rehearsal', () => {
  it.each(['1.28.15', '1.37.1'])(
    'is taken if the model was compared with its controller: %s',
    (kubernetes) => {
      expect(play(kubernetes)).toBe(`existing, Kubernetes ${kubernetes}, 3 nodes, sync every 15s`);
    },
  );

  it.each(['1.27.9', '1.38.0'])('is refused otherwise: %s', (kubernetes) => {
    expect(() => play(kubernetes)).toThrow(
      /^not supported: HPA controller of Kubernetes 1\.\d+: the model has been compared .* --unproven takes the rules of/,
    );
  });

  it('is taken without proof on demand, and the report says so', () => {
    expect(play('1.38.0', true)).toContain(
      'the HPA model was never compared with the controller of Kubernetes 1.38: the rules of 1.37 stand in',
    );
  });
});
