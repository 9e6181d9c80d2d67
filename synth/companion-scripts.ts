import type { ServiceForward, Stack } from '../core/model';
import { COMMON_FUNCTIONS } from './functions/install';
import { findContext, kubectlIn, type Provider } from './providers';
import { command, script } from './shell';

/** `watch.sh`: what the autoscalers see and decide, line by line. */
export function watchScript({ name }: Stack, provider: Provider): string {
  return script([`Shows each change of the autoscalers of the stack "${name}" until it is interrupted.`], {
    functions: COMMON_FUNCTIONS,
    body: [
      ...findContext(provider),
      `exec ${kubectlIn(provider)} get horizontalpodautoscalers --all-namespaces --watch`,
    ],
  });
}

/** `forward.sh`: the stack's user interfaces on this machine, until it is interrupted. */
export function forwardScript({ name, forwards }: Stack, provider: Provider): string {
  return script(
    [`Makes services of the stack "${name}" reachable on this machine until it is interrupted.`],
    {
      functions: COMMON_FUNCTIONS,
      body: [
        ...findContext(provider),
        "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
        ...forwards.map((forward) => `${kubectlIn(provider)} ${portForward(forward)} >/dev/null &`),
        ...forwards.map(({ title, localPort }) =>
          command('echo', `${title}: http://127.0.0.1:${localPort}/`),
        ),
        '# Half of them is no success: where one ends, such as on a port in use, the others end too.',
        `while [ "$(jobs -pr | wc -l)" -eq ${forwards.length} ]; do sleep 1; done`,
        "echo 'forward.sh: a connection ended, its reason is above' >&2",
        'exit 1',
      ],
    },
  );
}

function portForward({ namespace, service, port, localPort }: ServiceForward): string {
  return command('port-forward', '--namespace', namespace, `service/${service}`, `${localPort}:${port}`);
}
