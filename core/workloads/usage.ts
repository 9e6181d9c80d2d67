import { didYouMean } from '../did-you-mean';
import { UsageError } from '../errors';
import { parseGoDuration } from '../kube/duration';
import { servingContainers } from '../kube/endpoints';
import { namespaceOf } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import { Quantity } from '../kube/quantity';
import type { DeclaredUsage } from '../model';
import type { ContainerUsage, Program } from './program';

const NANO = 1e9;

/** What a container uses: by the scenario, or else by what its program knows of itself. */
export function usageOf(
  workload: Workload,
  container: Container,
  program: Program,
  declared: readonly DeclaredUsage[],
): ContainerUsage {
  const usage = declared.find((candidate) => isOf(candidate, workload, container));
  if (!usage) return program.usage ?? {};
  const { cpu, memory } = usage;
  return {
    cpu: cpu
      ? { idle: amount(cpu.idle), perRequest: parseGoDuration(cpu.perRequest) / 1000 }
      : program.usage?.cpu,
    memory: memory === undefined ? program.usage?.memory : amount(memory),
  };
}

/** CPU that a container is throttled to, in cores; undefined without a limit. */
export function cpuLimitOf({ resources }: Container): number | undefined {
  const limit = resources?.limits?.['cpu'];
  return limit === undefined ? undefined : amount(limit);
}

/**
 * Checks that what a scenario says is about containers that there are.
 * @throws UsageError naming those that there are
 */
export function checkUsage(declared: readonly DeclaredUsage[], workloads: readonly Workload[]): void {
  for (const { workload: name, container } of declared) {
    const found = workloads.find((candidate) => nameOf(candidate) === name);
    if (!found) {
      const names = workloads.map(nameOf);
      throw new UsageError(
        `usage of ${name}: there is no such workload; there is: ${names.join(', ') || 'none'}${didYouMean(name, names)}`,
      );
    }
    const names = servingContainers(found.spec.template.spec).map((candidate) => candidate.name);
    if (container === undefined && names.length > 1)
      throw new UsageError(`usage of ${name}: set container to one of ${names.join(', ')}`);
    if (container !== undefined && !names.includes(container))
      throw new UsageError(`usage of ${name}: it has no container ${container}, only ${names.join(', ')}`);
  }
}

/** What a scenario has to say so that the use of a container is known, as YAML. */
export function usageYaml(workload: Workload, container: Container): string {
  return [
    'usage:',
    `  - workload: ${nameOf(workload)}`,
    `    container: ${container.name}`,
    '    cpu: { idle: 5m, perRequest: 2ms } # what it uses without clients, and what one request of theirs takes',
    '    memory: 64Mi',
    '',
  ].join('\n');
}

function isOf({ workload, container }: DeclaredUsage, of: Workload, { name }: Container): boolean {
  return workload === nameOf(of) && (container === undefined || container === name);
}

function nameOf(workload: Workload): string {
  return `${namespaceOf(workload)}/${workload.metadata.name}`;
}

function amount(quantity: string | number): number {
  return Number(Quantity.parse(quantity).nanos) / NANO;
}
