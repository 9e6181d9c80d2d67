import { checkObjects } from '../../../core/check';
import type { ClusterDescriptor } from '../../../core/model';
import { TEST_CLUSTER } from '../../support/cluster';
import { chain, summary, type Edit } from './fixture';

const BACKEND = 'Deployment shop/backend';
const HPA = 'HorizontalPodAutoscaler shop/backend';
const TO_ZERO: Edit = { object: HPA, replace: 'minReplicas: 1', by: 'minReplicas: 0' };
const AT_ZERO: Edit = {
  object: BACKEND,
  replace: 'spec:\n  selector',
  by: 'spec:\n  replicas: 0\n  selector',
};

function check(edits: readonly Edit[], cluster: Partial<ClusterDescriptor>): readonly string[] {
  return summary(checkObjects(chain(edits), { ...TEST_CLUSTER, ...cluster }));
}

function problems(edits: readonly Edit[], cluster: Partial<ClusterDescriptor>): readonly string[] {
  return checkObjects(chain(edits), { ...TEST_CLUSTER, ...cluster }).map(({ message }) => message);
}

describe('what is wrong with an autoscaler depends on the cluster', () => {
  it('refuses zero replicas where the gate is closed', () => {
    const message = 'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1';
    expect(problems([TO_ZERO], {})).toContain(message);
    expect(problems([TO_ZERO], { featureGates: { HPAScaleToZero: true } })).not.toContain(message);
    expect(problems([TO_ZERO], { kubernetes: '1.37.1' })).not.toContain(message);
  });

  it('words a problem as the API server of that version does', () => {
    const none: Edit = { object: HPA, replace: 'maxReplicas: 10', by: 'maxReplicas: 0' };
    expect(problems([none], { kubernetes: '1.35.0' })).toContain(
      'spec.maxReplicas: Invalid value: 0: must be greater than 0',
    );
    expect(problems([none], { kubernetes: '1.36.4' })).toContain(
      'spec.maxReplicas: Required value: must be set and greater than 0',
    );
  });

  it.each([
    ['1.35.0', false],
    ['1.36.4', true],
    ['1.37.1', true],
  ])('knows whether %s leaves zero replicas that somebody else set', (kubernetes, disabled) => {
    const found = check([TO_ZERO, AT_ZERO], { kubernetes, featureGates: { HPAScaleToZero: true } });
    expect(found.includes(`error scaling-disabled ${BACKEND}`)).toBe(disabled);
  });

  it('checks clusters of versions that nothing proves as the nearest one', () => {
    expect(check([], { kubernetes: '1.99.0' })).toEqual(check([], { kubernetes: '1.37.1' }));
  });
});
