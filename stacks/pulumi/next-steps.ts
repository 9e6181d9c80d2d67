import type { Stack, StackObjects } from '../../core/model';
import { loadsOf } from '../../synth';

/** Commands to try once a stack is up, by what they are for. They take kubectl's current context. */
export function nextSteps({ forwards }: Stack, objects: StackObjects): Readonly<Record<string, string>> {
  const namespaces = autoscaledNamespaces(objects);
  return {
    ...Object.fromEntries(
      namespaces.map((namespace) => [
        `watch autoscalers in ${namespace}`,
        `kubectl --namespace ${namespace} get horizontalpodautoscalers --watch`,
      ]),
    ),
    ...Object.fromEntries(
      loadsOf(objects).map(({ namespace, name }) => [
        `start ${name}`,
        `kubectl --namespace ${namespace} create job ${name}-1 --from cronjob/${name}`,
      ]),
    ),
    ...Object.fromEntries(
      forwards.map(({ title, namespace, service, port, localPort }) => [
        `reach ${title} on port ${localPort}`,
        `kubectl --namespace ${namespace} port-forward service/${service} ${localPort}:${port}`,
      ]),
    ),
  };
}

function autoscaledNamespaces({ stages }: StackObjects): string[] {
  const scaling = stages
    .flatMap(({ objects }) => objects)
    .filter(({ object }) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(object.kind));
  return [...new Set(scaling.map(({ object }) => object.metadata.namespace ?? 'default'))];
}
