import { parse } from 'yaml';
import { podSpec } from '../../../core/kube/kinds/pod';
import { podRequests } from '../../../core/kube/pod-requests';

const NANOS_PER_MILLI = 1_000_000n;

/** CPU in thousandths of a core and memory in bytes of a pod whose spec is written as YAML. */
function requests(yaml: string): readonly [cpu: number, memory: number] {
  const { cpu, memory } = podRequests(podSpec.parse(parse(yaml)));
  return [Number(cpu / NANOS_PER_MILLI), Number(memory / 1_000_000_000n)];
}

function container(name: string, cpu: string, more = ''): string {
  return `{ name: ${name}, ${more} resources: { requests: { cpu: ${cpu} } } }`;
}

describe('what a pod requests', () => {
  it.each([
    ['"0.5"', 500],
    ['1500m', 1500],
    ['"2"', 2000],
    ['2', 2000],
    ['0.1', 100],
    ['1e1', 10_000],
    ['0.0005', 0],
  ])('reads CPU written as %s', (written, millicores) => {
    expect(requests(`containers: [${container('a', written)}]`)).toEqual([millicores, 0]);
  });

  it.each([
    ['64Mi', 67_108_864],
    ['1G', 1_000_000_000],
    ['"129e6"', 129_000_000],
    ['1048576', 1_048_576],
  ])('reads memory written as %s', (written, bytes) => {
    expect(requests(`containers: [{ name: a, resources: { requests: { memory: ${written} } } }]`)).toEqual([
      0,
      bytes,
    ]);
  });

  it('is nothing where nothing is said', () => {
    expect(requests('containers: [{ name: a }, { name: b, resources: {} }]')).toEqual([0, 0]);
  });

  it('adds containers up, with limits for requests that are not set', () => {
    const limited =
      '{ name: b, resources: { limits: { cpu: 300m, memory: 1Ki }, requests: { memory: 512 } } }';
    expect(requests(`containers: [${container('a', '200m')}, ${limited}]`)).toEqual([500, 512]);
  });

  // The formula of KEP-753, "Resources calculation for scheduling and pod admission".
  it.each([
    ['an init container smaller than the rest', [container('i', '1')], 2000],
    ['the largest init container, if that is more', [container('i', '3'), container('j', '5')], 5000],
    [
      'sidecars with the containers',
      [container('s', '1', 'restartPolicy: Always,'), container('i', '1')],
      3000,
    ],
    [
      'an init container on top of the sidecars before it',
      [container('s', '1', 'restartPolicy: Always,'), container('i', '4')],
      5000,
    ],
    [
      'an init container without the sidecars after it',
      [container('i', '4'), container('s', '1', 'restartPolicy: Always,')],
      4000,
    ],
  ])('counts %s', (_, initContainers, millicores) => {
    expect(
      requests(`{ initContainers: [${initContainers.join(', ')}], containers: [${container('main', '2')}] }`),
    ).toEqual([millicores, 0]);
  });

  it.each([
    ['replaced by those of the pod', 'requests: { cpu: 4 }', 4000],
    ['replaced for the resources that the pod names', 'requests: { memory: 1Ki }', 2000],
    ['kept where the pod has but a limit', 'limits: { cpu: 7 }', 2000],
  ])('has requests of containers %s', (_, resources, millicores) => {
    const [cpu] = requests(`{ resources: { ${resources} }, containers: [${container('a', '2')}] }`);
    expect(cpu).toBe(millicores);
  });

  it('takes the limit of the pod where no container requests anything', () => {
    expect(requests('{ resources: { limits: { cpu: 7 } }, containers: [{ name: a }] }')).toEqual([7000, 0]);
  });

  it('has the overhead of its runtime class on top', () => {
    const overhead = 'overhead: { cpu: 250m, memory: 1Ki }';
    expect(requests(`{ ${overhead}, containers: [${container('a', '1')}] }`)).toEqual([1250, 1024]);
    expect(
      requests(`{ ${overhead}, resources: { requests: { cpu: 2 } }, containers: [{ name: a }] }`),
    ).toEqual([2250, 1024]);
  });
});
