import type { ServiceForward, Stack } from '../core/model';
import { command, quote, script } from './shell';

/** `uninstall.sh`: the cluster is the stack's own, so it goes as a whole. */
export function uninstallScript({ name, cluster }: Stack): string {
  return script(
    [`Removes the stack "${name}" with its cluster.`],
    [command('kind', 'delete', 'cluster', '--name', cluster.name)],
  );
}

/** `watch.sh`: what the autoscalers see and decide, line by line. */
export function watchScript({ name, cluster }: Stack): string {
  return script(
    [`Shows each change of the autoscalers of the stack "${name}" until it is interrupted.`],
    [`exec ${kubectl(cluster.name)} get horizontalpodautoscalers --all-namespaces --watch`],
  );
}

/** `forward.sh`: the stack's user interfaces on this machine, until it is interrupted. */
export function forwardScript({ name, cluster, forwards }: Stack): string {
  return script(
    [`Makes services of the stack "${name}" reachable on this machine until it is interrupted.`],
    [
      "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
      ...forwards.map((forward) => `${kubectl(cluster.name)} ${portForward(forward)} >/dev/null &`),
      ...forwards.map(({ title, localPort }) => command('echo', `${title}: http://127.0.0.1:${localPort}/`)),
      '# Half of them is no success: where one ends, such as on a port in use, the others end too.',
      `while [ "$(jobs -pr | wc -l)" -eq ${forwards.length} ]; do sleep 1; done`,
      "echo 'forward.sh: a connection ended, its reason is above' >&2",
      'exit 1',
    ],
  );
}

function kubectl(clusterName: string): string {
  return `kubectl --context ${quote(`kind-${clusterName}`)}`;
}

function portForward({ namespace, service, port, localPort }: ServiceForward): string {
  return command('port-forward', '--namespace', namespace, `service/${service}`, `${localPort}:${port}`);
}
