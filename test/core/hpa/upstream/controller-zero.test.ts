import { type HpaCondition } from '../../../../core/hpa';
import {
  type ControllerCase,
  externalQps,
  inactive,
  NO_RECOMMENDATIONS,
  objectQps,
  statusOk,
  testController,
  total,
} from './controller';
import { ZERO_TIME } from './pods';

const ON = { HPAScaleToZero: true };
const OFF = { HPAScaleToZero: false };
const TO_ZERO: HpaCondition = {
  type: 'ScaledToZero',
  status: 'True',
  reason: 'ScaledToZero',
  message: '',
  lastTransitionTime: ZERO_TIME,
};

const NOT_TO_ZERO = 'ScaledToZero=False/NotScaledToZero';
const UP = { labels: 'scale_up/none', computed: { Object: 'scale_up/none' } };
const DISABLED = {
  desired: 0,
  labels: 'none/none',
  computed: {},
  conditions: inactive('ScalingDisabled'),
};

const ZERO = { bounds: [0, 6], replicas: 0, metrics: [objectQps(total('15.0'))], levels: [20_000] } as const;
const ZERO_ON_TARGET = { ...ZERO, metrics: [objectQps(total('1.0'))], levels: [1000] };
const RAISED_MINIMUM = { ...ZERO, bounds: [2, 6], levels: [10_000] } as const;

const FROM_ZERO: ControllerCase[] = [
  {
    name: 'TestScaleUpFromZeroCMObject',
    until: 35,
    ...ZERO,
    desired: 2,
    ...UP,
  },
  {
    name: 'TestScaleUpFromZeroIgnoresToleranceCMObject',
    until: 35,
    ...ZERO_ON_TARGET,
    desired: 1,
    ...UP,
  },
  {
    name: 'TestScaleUpFromZeroCMObject: HPAScaleToZero=true',
    in37: 'TestScaleUpCMObject: scale up from zero with HPAScaleToZero enabled',
    since: 36,
    ...ZERO,
    featureGates: ON,
    initialConditions: [TO_ZERO],
    desired: 2,
    ...UP,
    conditions: [NOT_TO_ZERO, ...statusOk()],
  },
  {
    name: 'TestScaleUpFromZeroCMObject: HPAScaleToZero=false',
    in37: 'TestScaleUpCMObject: scale up from zero with HPAScaleToZero disabled',
    since: 36,
    ...ZERO,
    featureGates: OFF,
    initialConditions: [TO_ZERO],
    ...DISABLED,
  },
  {
    name: 'TestScaleUpFromZeroIgnoresToleranceCMObject: HPAScaleToZero=true',
    in37: 'TestScaleUpCMObject: scale up from zero ignores tolerance with HPAScaleToZero enabled',
    since: 36,
    ...ZERO_ON_TARGET,
    featureGates: ON,
    initialConditions: [TO_ZERO],
    desired: 1,
    ...UP,
    conditions: [NOT_TO_ZERO, ...statusOk()],
  },
  {
    name: 'TestScaleUpFromZeroIgnoresToleranceCMObject: HPAScaleToZero=false',
    in37: 'TestScaleUpCMObject: scale up from zero ignores tolerance with HPAScaleToZero disabled',
    since: 36,
    ...ZERO_ON_TARGET,
    featureGates: OFF,
    initialConditions: [TO_ZERO],
    ...DISABLED,
  },
  {
    name: 'TestScaleUpFromZeroWithoutCondition: HPAScaleToZero=true',
    in37: 'TestScaleToZeroBehavior: from zero without condition, HPAScaleToZero enabled',
    since: 36,
    ...ZERO,
    featureGates: ON,
    ...DISABLED,
  },
  {
    name: 'TestScaleUpFromZeroWithoutCondition: HPAScaleToZero=false',
    in37: 'TestScaleToZeroBehavior: from zero without condition, HPAScaleToZero disabled',
    since: 36,
    ...ZERO,
    featureGates: OFF,
    ...DISABLED,
  },
  {
    name: 'TestScaleUpFromZeroWhenMinReplicasIncreased: HPAScaleToZero=true',
    in37:
      'TestScaleToZeroBehavior: ' +
      'minReplicas increased with ScaledToZero condition, HPAScaleToZero enabled',
    since: 36,
    ...RAISED_MINIMUM,
    featureGates: ON,
    initialConditions: [TO_ZERO],
    desired: 2,
    ...UP,
    conditions: [NOT_TO_ZERO, ...statusOk({ ScalingLimited: 'True/TooFewReplicas' })],
  },
  {
    name: 'TestScaleUpFromZeroWhenMinReplicasIncreased: HPAScaleToZero=false',
    in37:
      'TestScaleToZeroBehavior: ' +
      'minReplicas increased with ScaledToZero condition, HPAScaleToZero disabled',
    since: 36,
    ...RAISED_MINIMUM,
    featureGates: OFF,
    initialConditions: [TO_ZERO],
    ...DISABLED,
  },
];

function toZero(type: string, metric: object): Omit<ControllerCase, 'name'> {
  return {
    bounds: [0, 6],
    replicas: 5,
    metrics: [metric],
    levels: [0],
    recommendations: NO_RECOMMENDATIONS,
    desired: 0,
    labels: 'scale_down/none',
    computed: { [type]: 'scale_down/none' },
  };
}

const OBJECT_TO_ZERO = toZero('Object', objectQps(total('20.0')));
const EXTERNAL_TO_ZERO = toZero('External', externalQps(total('14400m')));
const REMEMBERED = statusOk({ ScaledToZero: 'True/ScaledToZero' });

const TO_ZERO_CASES: ControllerCase[] = [
  { name: 'TestScaleDownToZeroCMObject', until: 35, ...OBJECT_TO_ZERO },
  {
    name: 'TestScaleDownToZeroCMObject: HPAScaleToZero=true',
    in37: 'TestScaleDownCM: scale down to zero object metric with HPAScaleToZero enabled',
    since: 36,
    ...OBJECT_TO_ZERO,
    featureGates: ON,
    conditions: REMEMBERED,
  },
  {
    name: 'TestScaleDownToZeroCMObject: HPAScaleToZero=false',
    in37: 'TestScaleDownCM: scale down to zero object metric with HPAScaleToZero disabled',
    since: 36,
    ...OBJECT_TO_ZERO,
    featureGates: OFF,
  },
  { name: 'TestScaleDownToZeroCMExternal', until: 35, ...EXTERNAL_TO_ZERO },
  {
    name: 'TestScaleDownToZeroCMExternal: HPAScaleToZero=true',
    in37: 'TestScaleDownCM: scale down to zero external metric with HPAScaleToZero enabled',
    since: 36,
    ...EXTERNAL_TO_ZERO,
    featureGates: ON,
    conditions: REMEMBERED,
  },
  {
    name: 'TestScaleDownToZeroCMExternal: HPAScaleToZero=false',
    in37: 'TestScaleDownCM: scale down to zero external metric with HPAScaleToZero disabled',
    since: 36,
    ...EXTERNAL_TO_ZERO,
    featureGates: OFF,
  },
];

const RESCALE = {
  bounds: [1, 6],
  replicas: 3,
  cpu: 30,
  levels: [300, 500, 700],
  desired: 5,
  labels: 'scale_up/none',
  computed: { Resource: 'scale_up/none' },
} as const;

const CONDITION: ControllerCase[] = [
  {
    name: 'TestScaledToZeroConditionHandledOnNormalRescale: HPAScaleToZero=true',
    in37:
      'TestScaleToZeroBehavior: ' +
      'stale ScaledToZero condition cleared on normal rescale, HPAScaleToZero enabled',
    since: 36,
    ...RESCALE,
    featureGates: ON,
    initialConditions: [TO_ZERO],
    conditions: [NOT_TO_ZERO, ...statusOk()],
  },
  {
    name: 'TestScaledToZeroConditionHandledOnNormalRescale: HPAScaleToZero=false',
    in37:
      'TestScaleToZeroBehavior: ' +
      'stale ScaledToZero condition removed on normal rescale, HPAScaleToZero disabled',
    since: 36,
    ...RESCALE,
    featureGates: OFF,
    initialConditions: [TO_ZERO],
  },
  {
    name: 'TestScaleToZeroBehavior: no ScaledToZero condition when HPAScaleToZero disabled',
    since: 37,
    ...RESCALE,
    featureGates: OFF,
  },
];

const MANUAL = { since: 36, bounds: [1, 6], replicas: 0, cpu: 50, levels: [], ...DISABLED } as const;

const BY_HAND: ControllerCase[] = [
  {
    name: 'TestManualScaleToZeroDisablesHPA: HPAScaleToZero=true',
    in37: 'TestScaleToZeroBehavior: manual scale to zero disables HPA, HPAScaleToZero enabled',
    ...MANUAL,
    featureGates: ON,
  },
  {
    name: 'TestManualScaleToZeroDisablesHPA: HPAScaleToZero=false',
    in37: 'TestScaleToZeroBehavior: manual scale to zero disables HPA, HPAScaleToZero disabled',
    ...MANUAL,
    featureGates: OFF,
  },
];

describe('leaving zero replicas', () => testController(FROM_ZERO));
describe('going to zero replicas', () => testController(TO_ZERO_CASES));
describe('the condition ScaledToZero', () => testController(CONDITION));
describe('zero replicas by hand', () => testController(BY_HAND));
