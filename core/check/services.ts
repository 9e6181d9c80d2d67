import { podLabels, resolveTargetPort, servingContainers, workloadsBehind } from '../kube/endpoints';
import { namespaceOf } from '../kube/inventory';
import type { Service, ServicePort } from '../kube/kinds/core';
import type { Workload } from '../kube/kinds/pod';
import { refOf, refText } from '../kube/object';
import type { Check } from './check';
import type { CheckContext } from './context';
import { didYouMean } from '../did-you-mean';

export const serviceWithoutPods: Check = {
  id: 'service-without-pods',
  title: 'Every Service selects the pods of some workload',
  severity: 'error',
  *run({ written, podMakers }) {
    for (const service of selectingServices(written.services)) {
      if (workloadsBehind(service, podMakers).length > 0) continue;
      const selector = Object.entries(service.spec.selector ?? {});
      yield {
        object: refOf(service),
        message:
          `no workload in namespace ${namespaceOf(service)} makes pods with the labels ` +
          selector.map(([key, value]) => `${key}=${value}`).join(', ') +
          closestLabel(service, podMakers),
        fix: `set spec.selector of ${refText(refOf(service))} to labels of the pods that it is for`,
      };
    }
  },
};

function closestLabel(service: Service, workloads: readonly Workload[]): string {
  const nearby = workloads
    .filter((workload) => namespaceOf(workload) === namespaceOf(service))
    .map(podLabels);
  for (const [key, value] of Object.entries(service.spec.selector ?? {})) {
    const values = nearby.flatMap((labels) => labels[key] ?? []);
    const hint = values.includes(value) ? '' : didYouMean(value, values);
    if (hint) return hint;
  }
  return '';
}

export const servicePortUnresolved: Check = {
  id: 'service-port-unresolved',
  title: 'Every named target port of a Service is a container port of its pods',
  severity: 'error',
  *run(context) {
    for (const { service, port, workload } of servicePorts(context)) {
      if (resolveTargetPort(port, workload.spec.template.spec) !== undefined) continue;
      const names = portNames(workload);
      yield {
        object: refOf(service),
        message:
          `port ${portText(port)} leads to container port "${port.targetPort}", which ${refText(refOf(workload))} ` +
          `does not have${didYouMean(String(port.targetPort), names)}`,
        fix: `set targetPort to one of ${names.join(', ') || 'the numbers its containers listen on'}, or name the container port "${port.targetPort}"`,
      };
    }
  },
};

export const servicePortUndeclared: Check = {
  id: 'service-port-undeclared',
  title: 'Every numbered target port of a Service is declared by a container',
  severity: 'warning',
  ofOwnObjects: true,
  *run(context) {
    for (const { service, port, workload } of servicePorts(context)) {
      const target = port.targetPort ?? port.port;
      const declared = servingContainers(workload.spec.template.spec).flatMap(({ ports }) => ports ?? []);
      // A pod that declares no port at all says nothing about where it listens.
      if (typeof target !== 'number' || declared.length === 0) continue;
      if (declared.some(({ containerPort }) => containerPort === target)) continue;
      const numbers = declared.map(({ containerPort }) => containerPort).join(', ');
      yield {
        object: refOf(service),
        message: `port ${portText(port)} leads to port ${target}, which no container of ${refText(refOf(workload))} declares, only ${numbers}`,
        fix: `set targetPort to ${numbers}, or declare containerPort ${target}`,
      };
    }
  },
};

export const duplicateServicePort: Check = {
  id: 'duplicate-service-port',
  title: 'Ports of a Service have different names and numbers',
  severity: 'error',
  *run({ written }) {
    for (const service of written.services) {
      const { ports = [] } = service.spec;
      const seen = new Set<string>();
      for (const { name, port, protocol = 'TCP' } of ports) {
        const keys = [`port ${port}/${protocol}`, ...(name === undefined ? [] : [`name "${name}"`])];
        const repeated = keys.find((key) => seen.has(key));
        for (const key of keys) seen.add(key);
        if (repeated !== undefined) {
          yield {
            object: refOf(service),
            message: `two of its ports have the ${repeated}`,
            fix: 'give every port its own name and number',
          };
        } else if (name === undefined && ports.length > 1) {
          yield {
            object: refOf(service),
            message: `port ${port} has no name, which a Service with more than one port needs`,
            fix: `set a name for port ${port}`,
          };
        }
      }
    }
  },
};

function* servicePorts({ written, podMakers }: CheckContext): Iterable<{
  readonly service: Service;
  readonly port: ServicePort;
  readonly workload: Workload;
}> {
  for (const service of selectingServices(written.services)) {
    for (const workload of workloadsBehind(service, podMakers)) {
      for (const port of service.spec.ports ?? []) yield { service, port, workload };
    }
  }
}

/** Services that find their pods themselves. */
function selectingServices(services: readonly Service[]): readonly Service[] {
  return services.filter(({ spec }) => Object.keys(spec.selector ?? {}).length > 0);
}

function portNames(workload: Workload): string[] {
  return servingContainers(workload.spec.template.spec)
    .flatMap(({ ports }) => ports ?? [])
    .flatMap(({ name }) => name ?? []);
}

function portText({ name, port }: ServicePort): string {
  return name === undefined ? String(port) : `"${name}"`;
}
