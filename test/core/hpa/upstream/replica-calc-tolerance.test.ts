import { type ResourceCase, testUtilization } from './calculator';

const requests = ['0.9', '1.0', '1.1'];

const CASES: ResourceCase[] = [
  {
    name: 'TestReplicaCalcTolerance',
    in37: 'TestReplicaCalcResourceTolerance: within default tolerance',
    current: 3,
    requests,
    levels: [1010, 1030, 1020],
    target: 100,
    gives: [3, 102, 2040],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerance: Outside of a 0% tolerance',
    in37: 'TestReplicaCalcResourceTolerance: outside 0% tolerance',
    since: 33,
    tolerances: [0, 0],
    current: 3,
    requests,
    levels: [909, 1010, 1111],
    target: 100,
    gives: [4, 101, 2020],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerance: Within a 200% scale-up tolerance',
    in37: 'TestReplicaCalcResourceTolerance: within 200% scale-up tolerance',
    since: 33,
    tolerances: [0.1, 2],
    current: 3,
    requests,
    levels: [1890, 1910, 1900],
    target: 100,
    gives: [3, 190, 3800],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerance: Outside 8% scale-up tolerance (and superfuous scale-down tolerance)',
    in37: 'TestReplicaCalcResourceTolerance: outside 8% scale-up tolerance (superfluous scale-down tolerance)',
    since: 33,
    tolerances: [2, 0.08],
    current: 3,
    requests,
    levels: [1100, 1080, 1090],
    target: 100,
    gives: [4, 109, 2180],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerance: Within a 36% scale-down tolerance',
    in37: 'TestReplicaCalcResourceTolerance: within 36% scale-down tolerance',
    since: 33,
    tolerances: [0.36, 0.1],
    current: 3,
    requests,
    levels: [660, 640, 650],
    target: 100,
    gives: [3, 65, 1300],
  },
  {
    name: 'TestReplicaCalcConfigurableTolerance: Outside a 34% scale-down tolerance',
    in37: 'TestReplicaCalcResourceTolerance: outside 34% scale-down tolerance',
    since: 33,
    tolerances: [0.34, 0.1],
    current: 3,
    requests,
    levels: [660, 640, 650],
    target: 100,
    gives: [2, 65, 1300],
  },
];

/** Ten pods that use half of what they request; their requests differ, the targets lie around the tolerance. */
const COMPUTED = {
  name: 'TestReplicaCalcComputedToleranceAlgImplementation',
  current: 10,
  requests: [400, 200, 310, 290, 302, 298, 301, 299, 300, 300].map((milli) => `${milli}m`),
  levels: Array<number>(10).fill(150),
};

describe('GetResourceReplicas and the tolerance', () => {
  testUtilization(CASES);
  describe('outside of it', () => testUtilization([{ ...COMPUTED, target: 56, gives: [9, 50, 300] }]));
  describe('inside it', () => testUtilization([{ ...COMPUTED, target: 55, gives: [10, 50, 300] }]));
});
