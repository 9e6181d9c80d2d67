import type { ClusterDescriptor } from '../../../core/model';

/** Families of Graviton processors: `a1`, and those with a `g` after their generation, such as `m7gd`. */
const GRAVITON = /^(a1|[a-z]+\d+g[a-z]*)\./;

/** Whether instances of a type have Arm processors. */
export function isArm(instanceType: string): boolean {
  return GRAVITON.test(instanceType);
}

/** Platforms of images that any pod of the cluster can run: those of its EC2 nodes, and of Fargate, which has no Arm. */
export function platformsOf(
  { fargate }: Pick<ClusterDescriptor, 'fargate'>,
  instanceType: string,
): ('linux/amd64' | 'linux/arm64')[] {
  if (!isArm(instanceType)) return ['linux/amd64'];
  return fargate === undefined ? ['linux/arm64'] : ['linux/amd64', 'linux/arm64'];
}
