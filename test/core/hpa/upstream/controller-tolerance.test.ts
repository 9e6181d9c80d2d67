import {
  type ControllerCase,
  externalQps,
  NO_RECOMMENDATIONS,
  objectQps,
  perPod,
  podsQps,
  statusOk,
  testController,
  total,
  UNCHANGED,
} from './controller';

const UNEVEN = [900, 1000, 1100];

function unchanged(type: string): Pick<ControllerCase, 'conditions' | 'labels' | 'computed'> {
  return { conditions: UNCHANGED, labels: 'none/none', computed: { [type]: 'none/none' } };
}

const WITHIN: ControllerCase[] = [
  {
    name: 'TestTolerance',
    in37: 'TestTolerance: CPU resource metric within tolerance',
    bounds: [1, 5],
    replicas: 3,
    cpu: 100,
    levels: [1010, 1030, 1020],
    requests: UNEVEN,
    desired: 3,
    ...unchanged('Resource'),
  },
  {
    name: 'TestToleranceCM',
    in37: 'TestTolerance: pods metric within tolerance',
    bounds: [1, 5],
    replicas: 3,
    metrics: [podsQps('20.0')],
    levels: [20_000, 20_001, 21_000],
    requests: UNEVEN,
    desired: 3,
    ...unchanged('Pods'),
  },
  {
    name: 'TestToleranceCMObject',
    in37: 'TestTolerance: object metric with value target within tolerance',
    bounds: [1, 5],
    replicas: 3,
    metrics: [objectQps(total('20.0'))],
    levels: [20_050],
    requests: UNEVEN,
    desired: 3,
    ...unchanged('Object'),
  },
  {
    name: 'TestToleranceCMExternal',
    in37: 'TestTolerance: external metric with value target within tolerance',
    bounds: [2, 6],
    replicas: 4,
    metrics: [externalQps(total('8666m'))],
    levels: [8600],
    desired: 4,
    ...unchanged('External'),
  },
  {
    name: 'TestTolerancePerPodCMObject',
    in37: 'TestTolerance: per-pod object metric with average value target within tolerance',
    bounds: [2, 6],
    replicas: 4,
    metrics: [objectQps(perPod('2200m'), {})],
    levels: [8600],
    desired: 4,
    ...unchanged('Object'),
  },
  {
    name: 'TestTolerancePerPodCMExternal',
    in37: 'TestTolerance: per-pod external metric with average value target within tolerance',
    bounds: [2, 6],
    replicas: 4,
    metrics: [externalQps(perPod('2200m'))],
    levels: [8600],
    desired: 4,
    ...unchanged('External'),
  },
];

const ON = { HPAConfigurableTolerance: true };
const OFF = { HPAConfigurableTolerance: false };
const SLIGHTLY_ABOVE = {
  since: 33,
  bounds: [1, 5],
  replicas: 3,
  cpu: 100,
  levels: [1010, 1030, 1020],
  requests: UNEVEN,
} as const;

const CONFIGURABLE: ControllerCase[] = [
  {
    name: 'TestConfigurableTolerance: Scaling up because of a 1% configurable tolerance',
    in37: 'TestConfigurableTolerance: scaling up because of a 1% configurable tolerance',
    ...SLIGHTLY_ABOVE,
    featureGates: ON,
    behavior: { scaleUp: { tolerance: '0.01' } },
    desired: 4,
    conditions: statusOk(),
    labels: 'scale_up/none',
    computed: { Resource: 'scale_up/none' },
  },
  {
    name: 'TestConfigurableTolerance: No scale-down because of a 90% configurable tolerance',
    in37: 'TestConfigurableTolerance: no scale-down because of a 90% configurable tolerance',
    ...SLIGHTLY_ABOVE,
    featureGates: ON,
    behavior: { scaleDown: { tolerance: '0.9' } },
    levels: [300, 300, 300],
    requests: [1000, 1000, 1000],
    desired: 3,
    ...unchanged('Resource'),
  },
  {
    name: 'TestConfigurableTolerance: No scaling because of the large default tolerance',
    in37: 'TestConfigurableTolerance: no scaling because of the large default tolerance',
    ...SLIGHTLY_ABOVE,
    featureGates: ON,
    desired: 3,
    ...unchanged('Resource'),
  },
  {
    name:
      'TestConfigurableTolerance: ' +
      'No scaling because the configurable tolerance is ignored as the feature gate is disabled',
    in37:
      'TestConfigurableTolerance: ' +
      'no scaling because the configurable tolerance is ignored when feature gate is disabled',
    ...SLIGHTLY_ABOVE,
    featureGates: OFF,
    behavior: { scaleUp: { tolerance: '0.01' } },
    desired: 3,
    ...unchanged('Resource'),
  },
];

/** Ten pods that use half of what they request; their requests differ, the targets lie around the tolerance. */
const COMPUTED = {
  name: 'TestComputedToleranceAlgImplementation',
  bounds: [0, 1000],
  replicas: 10,
  levels: Array<number>(10).fill(150),
  requests: [400, 200, 310, 290, 302, 298, 301, 299, 300, 300],
  recommendations: NO_RECOMMENDATIONS,
} as const;

describe('inside the tolerance', () => testController(WITHIN));
describe('a tolerance of its own', () => testController(CONFIGURABLE));
describe('just outside the tolerance', () => {
  const down = { labels: 'scale_down/none', computed: { Resource: 'scale_down/none' } };
  testController([{ ...COMPUTED, cpu: 56, desired: 9, ...down }]);
});
describe('just inside the tolerance', () => {
  testController([{ ...COMPUTED, cpu: 55, desired: 10, ...unchanged('Resource') }]);
});
