import { Quantity } from '../../../core/kube/quantity';

/**
 * `Standard_D2ds_v5`, `Standard_E4-2s_v5`: family, CPUs, CPUs that are left of them, then features; `p` is for Arm.
 * https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
const VM_SIZE = /^[A-Za-z]+_([A-Z]+)(\d+)(?:-(\d+))?([a-z]*)(?:_|$)/;

/** What the name of a VM size says. */
export interface VmSize {
  readonly cpus: number;
  readonly platform: 'linux/amd64' | 'linux/arm64';
}

/** Reads the name of a VM size; nothing where it is not one. */
export function parseVmSize(name: string): VmSize | undefined {
  const match = VM_SIZE.exec(name);
  if (!match) return undefined;
  const [, , cpus = '', left = cpus, features = ''] = match;
  return { cpus: Number(left), platform: features.includes('p') ? 'linux/arm64' : 'linux/amd64' };
}

/** Whether nodes of a size can have what is described as allocatable; the memory of a size is not in its name. */
export function hasCpu({ cpus }: VmSize, allocatable: string): boolean {
  return Number(Quantity.parse(allocatable).nanos) / 1e9 <= cpus;
}
