import { k8s } from './kubernetes';

/** What a container may use: requested and most. Memory and storage have one figure: they are never overcommitted. */
export interface Resources {
  readonly cpu: { readonly request: string; readonly limit: string };
  readonly memory: string;
  /** Of the node's disk, for logs and what it writes to empty directories. Default {@link LOG_STORAGE}. */
  readonly storage?: string;
}

/** Room for the logs of one container, of which the kubelet keeps five files of 10Mi unless it is told otherwise. */
const LOG_STORAGE = '128Mi';

/** What says whether a container is ready, and whether it is alive: HTTP paths, or commands. */
export type Health<Ports extends string = string> = HttpHealth<Ports> | CommandHealth;

interface HttpHealth<Ports extends string> {
  readonly port: Ports;
  readonly ready: string;
  readonly live: string;
  /** Where `live` is served, if elsewhere than `ready`. */
  readonly livePort?: Ports;
  readonly scheme?: 'HTTP' | 'HTTPS';
  /** Most seconds that it takes to start, if the liveness probe is not patient enough for that. */
  readonly startsWithin?: number;
  /** Seconds from one liveness probe to the next. Default 10. */
  readonly livePeriod?: number;
}

/** Commands that succeed while the container is well; both run every `periodSeconds`. */
interface CommandHealth {
  readonly ready: readonly string[];
  readonly live: readonly string[];
  readonly periodSeconds: number;
}

/** `v1.ResourceRequirements`. */
export function resourceRequirements(resources: Resources): k8s.ResourceRequirements {
  const { cpu, memory, storage = LOG_STORAGE } = resources;
  const quantity = (text: string): k8s.Quantity => k8s.Quantity.fromString(text);
  const incompressible = { memory: quantity(memory), 'ephemeral-storage': quantity(storage) };
  return {
    requests: { cpu: quantity(cpu.request), ...incompressible },
    limits: { cpu: quantity(cpu.limit), ...incompressible },
  };
}

/** The pod's half of the `restricted` Pod Security level. */
export function restrictedPod(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: 'RuntimeDefault' },
  } as const satisfies k8s.PodSecurityContext;
}

/** The container's half of the level, and a root file system that cannot be written. */
export const RESTRICTED_CONTAINER: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const STARTUP_PERIOD_SECONDS = 5;

/** Probes of a container; liveness is the more patient one, so that a busy pod leaves its Services before it is killed. */
export function probes(
  health: Health,
): Pick<k8s.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  return 'port' in health ? httpProbes(health) : commandProbes(health);
}

function httpProbes(health: HttpHealth<string>) {
  const { port, ready, live, livePort = port, scheme = 'HTTP', startsWithin, livePeriod = 10 } = health;
  const get = (path: string, at: string): k8s.HttpGetAction => ({
    path,
    port: k8s.IntOrString.fromString(at),
    scheme,
  });
  return {
    ...(startsWithin === undefined
      ? {}
      : {
          startupProbe: {
            httpGet: get(live, livePort),
            periodSeconds: STARTUP_PERIOD_SECONDS,
            failureThreshold: Math.ceil(startsWithin / STARTUP_PERIOD_SECONDS),
          },
        }),
    readinessProbe: { httpGet: get(ready, port), periodSeconds: 5, failureThreshold: 3 },
    livenessProbe: {
      httpGet: get(live, livePort),
      initialDelaySeconds: 10,
      periodSeconds: livePeriod,
      failureThreshold: 6,
    },
  };
}

function commandProbes({ ready, live, periodSeconds }: CommandHealth) {
  const timing = { initialDelaySeconds: 5, periodSeconds, timeoutSeconds: 5 };
  return {
    readinessProbe: { exec: { command: [...ready] }, ...timing, failureThreshold: 3 },
    livenessProbe: { exec: { command: [...live] }, ...timing, failureThreshold: 6 },
  };
}
