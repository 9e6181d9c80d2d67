import { type HpaInputs } from '../../../../core/hpa';
import {
  type ControllerCase,
  externalQps,
  inactive,
  objectQps,
  podsQps,
  statusOk,
  testController,
  total,
} from './controller';

const HUNGRY = {
  bounds: [1, 100],
  replicas: 3,
  cpu: 10,
  levels: [100, 200, 300],
  requests: [100, 100, 100],
} as const;
const BLOCKED = { desired: 3, labels: 'none/internal', computed: {} };

function withSelector(selector: string): Partial<HpaInputs> {
  return { scale: { specReplicas: 3, statusReplicas: 3, selector } };
}

const SELECTOR: ControllerCase[] = [
  {
    name: 'TestConditionInvalidSelectorMissing',
    ...HUNGRY,
    inputs: withSelector(''),
    ...BLOCKED,
    conditions: inactive('InvalidSelector'),
  },
  {
    name: 'TestConditionInvalidSelectorUnparsable',
    ...HUNGRY,
    inputs: withSelector('cheddar cheese'),
    ...BLOCKED,
    conditions: inactive('InvalidSelector'),
  },
];

/** The caller says which other autoscalers select one of the pods. */
const SHARED: ControllerCase[] = [
  {
    name: 'TestConditionNoAmbiguousSelectorWhenNoSelectorOverlapBetweenHPAs',
    bounds: [2, 6],
    replicas: 3,
    cpu: 30,
    levels: [300, 500, 700],
    inputs: { otherHpas: [] },
    desired: 5,
    labels: 'scale_up/none',
    computed: { Resource: 'scale_up/none' },
  },
  {
    name: 'TestConditionAmbiguousSelectorWhenFullSelectorOverlapBetweenHPAs',
    bounds: [2, 6],
    replicas: 3,
    cpu: 30,
    levels: [300, 500, 700],
    inputs: { otherHpas: ['test-hpa-2'] },
    ...BLOCKED,
    conditions: inactive('AmbiguousSelector'),
  },
];

function failing(
  metrics: Pick<ControllerCase, 'cpu' | 'metrics'>,
  type: string,
  reason: string,
): ControllerCase {
  return {
    name: `TestConditionFailedGetMetrics: ${reason}`,
    bounds: [1, 100],
    replicas: 3,
    ...metrics,
    levels: 'something went wrong',
    requests: [100, 100, 100],
    desired: 3,
    labels: 'none/internal',
    computed: { [type]: 'none/internal' },
    conditions: inactive(reason),
  };
}

const METRICS: ControllerCase[] = [
  failing({ cpu: 10 }, 'Resource', 'FailedGetResourceMetric'),
  failing({ metrics: [podsQps('15.0')] }, 'Pods', 'FailedGetPodsMetric'),
  failing({ metrics: [objectQps(total('15.0'))] }, 'Object', 'FailedGetObjectMetric'),
  failing({ metrics: [externalQps(total('300m'))] }, 'External', 'FailedGetExternalMetric'),
];

const SCALE: ControllerCase[] = [
  {
    name: 'TestConditionFailedGetScale',
    ...HUNGRY,
    inputs: { scale: { error: 'something went wrong' } },
    ...BLOCKED,
    conditions: ['AbleToScale=False/FailedGetScale'],
  },
  {
    name: 'TestConditionFailedUpdateScale',
    bounds: [1, 5],
    replicas: 3,
    cpu: 100,
    levels: [150, 150, 150],
    requests: [100, 100, 100],
    inputs: { updateError: 'something went wrong' },
    desired: 3,
    labels: 'none/internal',
    computed: { Resource: 'scale_up/none' },
    conditions: statusOk({ AbleToScale: 'False/FailedUpdateScale' }),
  },
];

describe('the selector', () => testController(SELECTOR));
describe('a selector and other autoscalers', () => testController(SHARED));
describe('metrics that cannot be fetched', () => testController(METRICS));
describe('a scale that cannot be read or written', () => testController(SCALE));
