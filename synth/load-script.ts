import { z } from 'zod';
import { Inventory, namespaceOf } from '../core/kube/inventory';
import type { Stack, StackObjects } from '../core/model';
import { COMMON_FUNCTIONS } from './functions/install';
import { contextVariable, findContext, type Provider } from './providers';
import { quote, script, type FunctionLibrary } from './shell';

const suspension = z.looseObject({ suspend: z.boolean().optional() });

/** A CronJob that waits for somebody to start it. */
interface Load {
  readonly namespace: string;
  readonly name: string;
}

/** The suspended CronJobs of a stack: loads that do not run by themselves. */
export function loadsOf({ stages }: StackObjects): Load[] {
  const objects = stages.flatMap((stage) => stage.objects).map(({ object }) => object);
  return new Inventory(objects)
    .ofKind('batch', 'CronJob')
    .filter(({ spec }) => suspension.safeParse(spec).data?.suspend === true)
    .map((object) => ({ namespace: namespaceOf(object), name: object.metadata.name }));
}

const FUNCTIONS: FunctionLibrary = {
  ...COMMON_FUNCTIONS,

  start_load: String.raw`# start_load CRONJOB NAMESPACE: the name of a Job leaves room for the ten digits of a time.
start_load() {
  job="$1-$(date +%s)"
  in_cluster create job "$job" --from "cronjob/$1" --namespace "$2" ||
    fail "the load cannot be started. Where CronJob $1 is not found, install.sh did not get as far as that"
  printf 'What the autoscalers make of it: ./watch.sh in another terminal. To end it early:\n  %s\n' \
    "kubectl --context $CONTEXT delete job $job --namespace $2"
  in_cluster logs "job/$job" --namespace "$2" --follow --pod-running-timeout "$TIMEOUT" ||
    fail "the logs of job $job in namespace $2 cannot be read: $(in_cluster describe job "$job" --namespace "$2" 2>&1)"
  # The last lines of the log come before the Job knows that it is over.
  in_cluster wait --for=condition=Complete "job/$job" --namespace "$2" --timeout=30s >/dev/null ||
    fail "job $job in namespace $2 did not complete: $(in_cluster describe job "$job" --namespace "$2" 2>&1)"
  in_cluster get job "$job" --namespace "$2"
}`,
};

/** `load.sh`: starts a load, shows what it prints and ends when it does. */
export function loadScript({ name }: Stack, loads: readonly Load[], provider: Provider): string {
  return script(
    [
      `Starts a load of the stack "${name}" and follows what it prints. Loads: ${loads.map(title).join(', ')}.`,
    ],
    {
      variables: [...contextVariable(provider), ['TIMEOUT', '${PLIMSOLL_TIMEOUT:-10m}']],
      functions: FUNCTIONS,
      body: choice(loads, findContext(provider)),
    },
  );
}

function title({ name }: Load): string {
  return name;
}

/** One load needs no name; of several the argument says which. */
function choice(loads: readonly Load[], find: readonly string[]): string[] {
  const [first] = loads;
  const only = loads.length === 1 && first ? first.name : '';
  return [
    `case "\${1:-${only}}" in`,
    ...loads.map(({ name, namespace }) => `  ${name}) set -- ${name} ${namespace} ;;`),
    `  *) fail ${quote(`there is ${loads.map(title).join(', ')}; write one of them as the argument`)} ;;`,
    'esac',
    ...find,
    'start_load "$1" "$2"',
  ];
}
