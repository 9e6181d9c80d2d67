import { namespaceOf } from '../kube/inventory';
import type { Container, PodSpec, Volume } from '../kube/kinds/pod';
import { refOf } from '../kube/object';
import type { Check } from './check';
import { podMakers } from '../chain';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const ALLOWED_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim'],
  ...['projected', 'secret'],
];
const ALLOWED_SECCOMP = ['RuntimeDefault', 'Localhost'];

/** The rules of the level that depend on fields which nearly every pod has to set. */
export const podSecurityViolation: Check = {
  id: 'pod-security-violation',
  title: 'Pods satisfy the Pod Security level "restricted" where their namespace enforces it',
  severity: 'error',
  *run({ written }) {
    for (const workload of podMakers(written)) {
      const namespace = namespaceOf(workload);
      if (written.namespaceLabels(namespace)[ENFORCE] !== 'restricted') continue;
      const violations = violationsOf(workload.spec.template.spec);
      if (violations.length === 0) continue;
      yield {
        object: refOf(workload),
        message: `namespace ${namespace} enforces the Pod Security level restricted, so its pods are refused: ${violations.join('; ')}`,
        fix: `correct these fields in the pod template, or set label ${ENFORCE} of Namespace ${namespace} to a lower level`,
      };
    }
  },
};

function violationsOf(spec: PodSpec): string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return [...podViolations(spec), ...containers.flatMap((container) => containerViolations(container, spec))];
}

function podViolations({ hostNetwork, hostPID, hostIPC, securityContext, volumes = [] }: PodSpec): string[] {
  return [
    ...when(hostNetwork, 'hostNetwork must not be true'),
    ...when(hostPID, 'hostPID must not be true'),
    ...when(hostIPC, 'hostIPC must not be true'),
    ...when(securityContext?.runAsUser === 0, 'securityContext.runAsUser must not be 0'),
    ...volumes.flatMap((volume) =>
      when(!isAllowed(volume), `volume "${volume.name}" is of a type that is not allowed`),
    ),
  ];
}

function containerViolations({ name, securityContext, ports = [] }: Container, spec: PodSpec): string[] {
  const own = securityContext ?? {};
  const pod = spec.securityContext ?? {};
  const userNamespace = spec.hostUsers === false;
  const seccomp = (own.seccompProfile ?? pod.seccompProfile)?.type;
  const added = (own.capabilities?.add ?? []).filter((capability) => capability !== 'NET_BIND_SERVICE');
  const problems = [
    ...when(own.allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation must be false'),
    ...when(!own.capabilities?.drop?.includes('ALL'), 'capabilities.drop must include "ALL"'),
    ...added.map((capability) => `capabilities.add must not include "${capability}"`),
    ...when(own.privileged, 'privileged must not be true'),
    ...when(!userNamespace && (own.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'runAsNonRoot must be true'),
    ...when(!userNamespace && own.runAsUser === 0, 'runAsUser must not be 0'),
    ...when(
      seccomp === undefined || !ALLOWED_SECCOMP.includes(seccomp),
      'seccompProfile.type must be "RuntimeDefault" or "Localhost"',
    ),
    ...when(
      ports.some(({ hostPort }) => hostPort !== undefined && hostPort !== 0),
      'ports must not have a hostPort',
    ),
  ];
  return problems.map((problem) => `container "${name}": ${problem}`);
}

function isAllowed(volume: Volume): boolean {
  return Object.keys(volume).every((key) => key === 'name' || ALLOWED_VOLUMES.includes(key));
}

function when(condition: boolean | undefined, problem: string): string[] {
  return condition ? [problem] : [];
}
