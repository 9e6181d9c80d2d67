import { type HpaPod } from '../../../../core/hpa';
import { podRequest } from '../../../../core/hpa/controller/requests';
import { requests } from '../support';
import { eachVersion, unitTestConfig, type UpstreamCase } from './versions';

interface Case extends UpstreamCase {
  readonly podLevelResources?: boolean;
  readonly pod: Partial<HpaPod>;
  readonly container?: string;
  readonly gives: number | { readonly error: string };
}

const CONTAINER_1 = { name: 'container1', requests: requests({ cpu: 100 }) };
const CONTAINER_2 = { name: 'container2', requests: requests({ cpu: 50 }) };
const BARE = { name: 'container1' };
const POD_LEVEL = requests({ cpu: 800 });

const CASES: Case[] = [
  {
    name: 'Sum container requests if pod-level feature is disabled',
    pod: { containers: [CONTAINER_1, CONTAINER_2] },
    gives: 150,
  },
  {
    name: 'Pod-level resources are enabled, but not set: fallback to sum container requests',
    podLevelResources: true,
    pod: { containers: [CONTAINER_1, CONTAINER_2] },
    gives: 150,
  },
  {
    name: 'Pod-level resources override container requests when feature enabled and pod resources specified',
    podLevelResources: true,
    pod: { requests: POD_LEVEL, containers: [CONTAINER_1, CONTAINER_2] },
    gives: 800,
  },
  {
    name:
      'Fail if at least one of the containers is missing requests ' +
      'and pod-level feature/requests are not set',
    pod: { containers: [BARE, CONTAINER_2] },
    gives: { error: 'missing request for cpu in container container1 of Pod test-pod' },
  },
  {
    name:
      'Pod-level resources override missing container requests ' +
      'when feature enabled and pod resources specified',
    podLevelResources: true,
    pod: { requests: POD_LEVEL, containers: [BARE, CONTAINER_2] },
    gives: 800,
  },
  {
    name: 'Container: if a container name is specified, calculate requests only for that container',
    pod: { containers: [CONTAINER_1, CONTAINER_2] },
    container: 'container1',
    gives: 100,
  },
  {
    name:
      'Container: if a container name is specified, calculate requests only for that container ' +
      'and ignore pod-level requests',
    podLevelResources: true,
    pod: { requests: POD_LEVEL, containers: [CONTAINER_1, CONTAINER_2] },
    container: 'container1',
    gives: 100,
  },
  {
    name: 'pod with restartable init containers',
    pod: {
      containers: [CONTAINER_1],
      initContainers: [
        { name: 'init-container1', requests: requests({ cpu: 20 }) },
        { name: 'restartable-container1', restartPolicy: 'Always', requests: requests({ cpu: 50 }) },
      ],
    },
    gives: 150,
  },
];

const UNKNOWN_CONTAINER: Case = {
  name: 'TestCalculatePodRequestsFromContainers_NonExistentContainer',
  since: 35,
  pod: { containers: [CONTAINER_1] },
  container: 'non-existent-container',
  gives: { error: 'container non-existent-container not found in Pod test-pod' },
};

function testRequest({ pod, container = '', podLevelResources = false, gives }: Case, minor: number): void {
  const config = unitTestConfig(minor, { PodLevelResources: podLevelResources });
  const whole: HpaPod = { name: 'test-pod', phase: 'Running', containers: [], ...pod };
  expect(podRequest(whole, container, 'cpu', config)).toEqual(gives);
}

describe('TestCalculateRequests', () => {
  eachVersion(
    CASES.map((test) => ({ ...test, since: 34 })),
    testRequest,
  );
});

describe('calculatePodRequestsFromContainers', () => {
  eachVersion([UNKNOWN_CONTAINER], testRequest);
});
