import { servingContainers } from '../kube/endpoints';
import type { Container, Probe, Workload } from '../kube/kinds/pod';
import { refOf } from '../kube/object';
import { probePort, probeSucceeds, probeTarget } from '../workloads';
import type { Check } from './check';
import type { CheckContext } from './context';
import { didYouMean } from '../did-you-mean';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

interface ProbeUse {
  readonly workload: Workload;
  readonly container: Container;
  readonly field: (typeof PROBES)[number];
  readonly probe: Probe;
  /** As it is written; absent for probes that are no requests. */
  readonly wanted: string | number | undefined;
}

export const probePortMissing: Check = {
  id: 'probe-port-missing',
  title: 'The port of every probe is one of its container',
  severity: 'error',
  *run(context) {
    for (const { workload, container, field, probe, wanted } of probesOf(context)) {
      if (wanted === undefined || probePort(probe, container) !== undefined) continue;
      const names = (container.ports ?? []).flatMap(({ name }) => name ?? []);
      yield {
        object: refOf(workload),
        message: `${field} of container "${container.name}" asks port "${wanted}", which the container does not have${didYouMean(String(wanted), names)}, so it never succeeds`,
        fix: `set its port to ${names.map((name) => `"${name}"`).join(' or ') || 'a number'}, or name a container port "${wanted}"`,
      };
    }
  },
};

export const probeFails: Check = {
  id: 'probe-fails',
  title: 'Programs that are known answer their probes',
  severity: 'error',
  *run(context) {
    for (const { workload, container, field, probe, wanted } of probesOf(context)) {
      const program = context.programs.of(workload, container);
      if (!program || wanted === undefined || probePort(probe, container) === undefined) continue;
      if (probeSucceeds(probe, container, program)) continue;
      const get = probeTarget(probe)?.path;
      const path = get === undefined ? 'port ' : `GET ${get} on port `;
      yield {
        object: refOf(workload),
        message: `${field} of container "${container.name}" asks ${path}${wanted}, where ${program.name} does not answer with success`,
        fix: `set ${field} to a port and a path that ${program.name} serves`,
      };
    }
  },
};

function probesOf({ podMakers }: CheckContext): readonly ProbeUse[] {
  return podMakers.flatMap((workload) =>
    servingContainers(workload.spec.template.spec).flatMap((container) =>
      PROBES.flatMap((field) => {
        const probe = container[field];
        return probe ? [{ workload, container, field, probe, wanted: probeTarget(probe)?.port }] : [];
      }),
    ),
  );
}
