import { LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../errors';
import { parseGoDuration } from '../kube/duration';
import { issueText } from '../kube/object';
import { clusterDescriptor, durationText, quantityText } from './cluster';

const workloadName = z.string().regex(/^[a-z0-9.-]+\/[a-z0-9.-]+$/, 'write namespace/name');
const rate = z.number().min(0, 'a rate cannot be negative');

const loadChange = z.strictObject({
  generator: workloadName.describe('namespace/name of the workload that sends the requests'),
  at: durationText.default('0s'),
  rate: rate.describe('requests a second of each of its pods, from then on'),
});

const servicePort = z
  .string()
  .regex(/^[a-z0-9.-]+\/[a-z0-9.-]+:\d+$/, 'write namespace/service:port')
  .describe('the Service that is called');

const client = z.strictObject({
  name: z.string(),
  to: servicePort,
  method: z.string().default('GET'),
  path: z.string().default('/'),
  connections: z.enum(['per-request', 'keep-alive']).default('per-request'),
  steps: z.array(z.strictObject({ at: durationText, rate })).min(1),
});

const latencyChange = z.strictObject({
  workload: workloadName.describe('namespace/name of the workload whose pods answer'),
  at: durationText.default('0s'),
  latency: durationText.describe('from request to answer, from then on'),
});

const run = z.strictObject({
  cronJob: workloadName.describe('namespace/name of the CronJob that a Job is made from'),
  at: durationText,
});

const oneRequest = z.strictObject({
  at: durationText,
  to: servicePort,
  method: z.string().default('GET'),
  path: z.string().startsWith('/', 'a path begins with /').default('/'),
  body: z.string().optional(),
});

const outage = z.strictObject({
  workload: workloadName.describe('namespace/name of the workload whose pods are gone for that time'),
  from: durationText,
  until: durationText,
});

const growth = z.enum(['requests', 'probes', 'scrapes', 'seconds']);
const declaredSeries = z.strictObject({
  name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, 'not a Prometheus metric name'),
  type: z.enum(['counter', 'gauge']),
  labels: z.record(z.string(), z.string()).default({}),
  value: z.number().default(0).describe('value at the start'),
  growsWith: z.array(growth).default([]).describe('what adds one to it'),
  appears: z
    .enum(['at-start', 'with-first-count'])
    .default('at-start')
    .describe('when it is exported for the first time'),
  setBy: z
    .strictObject({ method: z.string(), path: z.string() })
    .optional()
    .describe('requests whose body is a number that it is set to'),
  steps: z
    .array(z.strictObject({ at: durationText, value: z.number() }))
    .default([])
    .describe('values it is set to, for a gauge'),
});

const program = z.strictObject({
  image: z.string().describe('image repository, without tag or digest'),
  port: z
    .union([z.string(), z.number()])
    .optional()
    .describe('container port of the metrics, by name or number'),
  path: z.string().default('/metrics'),
  startsIn: durationText.optional().describe('from container start until it answers'),
  series: z.array(declaredSeries).default([]),
});

const usage = z.strictObject({
  workload: workloadName.describe('namespace/name of the workload whose pods use it'),
  container: z.string().optional().describe('its name; may be left out where the pods have one only'),
  cpu: z
    .strictObject({
      idle: quantityText.describe('CPU that it uses without clients; probes and scrapes are in it'),
      perRequest: durationText.default('0s').describe('CPU time of one answered request of a client'),
    })
    .optional(),
  memory: quantityText.optional().describe('its working set'),
});

const replicas = z.union([
  z.number().int().min(0),
  z.strictObject({ atLeast: z.number().int().optional(), atMost: z.number().int().optional() }),
]);

const expectation = z.strictObject({
  autoscaler: workloadName.describe('namespace/name of the HorizontalPodAutoscaler'),
  replicasAt: z.record(durationText, replicas).optional(),
  neverAbove: z.number().int().optional(),
  neverBelow: z.number().int().optional(),
  noScaleDownBefore: durationText.optional(),
  noScaleUpAfter: durationText.optional(),
  directionChangesAtLeast: z.number().int().min(1).optional(),
  directionChangesAtMost: z.number().int().min(0).optional(),
  metricKnownBetween: z
    .tuple([durationText, durationText])
    .optional()
    .describe('when every metric of the autoscaler has its first value'),
  metricUnknownAt: z.array(durationText).optional(),
  conditionAtEnd: z
    .strictObject({
      type: z.string(),
      status: z.enum(['True', 'False', 'Unknown']),
      reason: z.string().optional(),
    })
    .optional(),
});

const scenarioFields = {
  duration: durationText.describe('virtual time that is rehearsed'),
  seed: z.number().int().min(0).default(1),
  noise: z.boolean().default(true).describe('spread connections at random instead of evenly'),
  pods: z
    .strictObject({
      scheduling: durationText.default('1s'),
      start: durationText.default('3s').describe('from scheduled until the containers run'),
      termination: durationText.default('1s'),
    })
    .prefault({}),
  programs: z.array(program).default([]).describe('what images do that Plimsoll does not know'),
  usage: z.array(usage).default([]).describe('what containers use of their nodes, for resource metrics'),
  load: z.array(loadChange).default([]).describe('changes to what load generators send'),
  clients: z.array(client).default([]).describe('requests from outside the cluster'),
  requests: z.array(oneRequest).default([]).describe('single requests, as through kubectl port-forward'),
  runs: z.array(run).default([]).describe('Jobs that are made from CronJobs'),
  latency: durationText.default('5ms').describe('from request to answer, whatever answers'),
  latencies: z.array(latencyChange).default([]).describe('workloads that take another time to answer'),
  outages: z.array(outage).default([]),
  expect: z.array(expectation).default([]),
};

const scenario = z.strictObject(scenarioFields);
const scenarioFile = z.strictObject({
  ...scenarioFields,
  cluster: clusterDescriptor,
  provided: z
    .array(z.string())
    .default([])
    .describe('folders, relative to this file, of objects that charts install'),
});

/** What happens around the objects, and what is expected of them. */
export type Scenario = z.infer<typeof scenario>;
/** The same as somebody writes it: everything with a default may be left out. */
export type ScenarioInput = z.input<typeof scenario>;
/** A scenario with the cluster it plays on, as it stands in `scenario.yaml`. */
export type ScenarioFile = z.infer<typeof scenarioFile>;
/** What is expected of one autoscaler. */
export type Expectation = z.infer<typeof expectation>;
/** The same as somebody writes it. */
export type ExpectationInput = z.input<typeof expectation>;
/** An image's behaviour, declared by the scenario. */
export type DeclaredProgram = z.infer<typeof program>;
/** What one container uses, declared by the scenario. */
export type DeclaredUsage = z.infer<typeof usage>;

/**
 * Fills in defaults and validates.
 * @param where names the scenario in errors
 * @throws UsageError on an unknown key, a wrong value or contradictory expectations
 */
export function defineScenario(input: ScenarioInput, where: string): Scenario {
  return validated(scenario, input, where);
}

/**
 * Reads `scenario.yaml`.
 * @throws UsageError with the line of a YAML error or the path of a wrong value
 */
export function parseScenarioFile(text: string, where: string): ScenarioFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UsageError(`${where}:${line}:${col}: ${problem.message}`);
  }
  return validated(scenarioFile, document.toJS(), where);
}

/** The YAML text of a scenario file. Everything is written out, so that the file says all that the rehearsal uses. */
export function formatScenarioFile(file: ScenarioFile): string {
  return stringify(file, { lineWidth: 110 });
}

function validated<S extends z.ZodType<Scenario>>(schema: S, input: unknown, where: string): z.infer<S> {
  const result = schema.safeParse(input);
  if (!result.success) throw new UsageError(`${where}: ${issueText(result.error)}`);
  const contradiction = contradictionIn(result.data);
  if (contradiction) throw new UsageError(`${where}: ${contradiction}`);
  return result.data;
}

/** The first pair of statements that cannot both hold. */
function contradictionIn(value: Scenario): string | undefined {
  const duration = parseGoDuration(value.duration);
  if (duration <= 0) return 'duration: must be longer than zero';
  if (parseGoDuration(value.latency) <= 0) return 'latency: must be longer than zero';
  const instant = value.latencies.find(({ latency }) => parseGoDuration(latency) <= 0);
  if (instant) return `latency of ${instant.workload}: must be longer than zero`;
  for (const { workload, from, until } of value.outages) {
    if (parseGoDuration(from) >= parseGoDuration(until))
      return `outage of ${workload}: ends (${until}) before it begins (${from})`;
  }
  const seen = new Map<string, unknown>();
  for (const entry of value.expect) {
    const problem = contradictionWithin(entry, duration, value.duration) ?? contradictionWith(entry, seen);
    if (problem) return `expectation of ${entry.autoscaler}: ${problem}`;
  }
  return undefined;
}

function contradictionWithin(entry: Expectation, duration: number, durationName: string): string | undefined {
  const { neverAbove, neverBelow, metricKnownBetween } = entry;
  if (neverAbove !== undefined && neverBelow !== undefined && neverAbove < neverBelow) {
    return `never above ${neverAbove} and never below ${neverBelow} cannot both hold`;
  }
  if (metricKnownBetween && parseGoDuration(metricKnownBetween[0]) > parseGoDuration(metricKnownBetween[1])) {
    return `metricKnownBetween: ${metricKnownBetween[0]} is after ${metricKnownBetween[1]}`;
  }
  const { directionChangesAtLeast: turns = 0, directionChangesAtMost: mostTurns = Number.POSITIVE_INFINITY } =
    entry;
  if (turns > mostTurns) {
    return `at least ${turns} and at most ${mostTurns} changes of direction cannot both hold`;
  }
  const times = [...Object.keys(entry.replicasAt ?? {}), ...(entry.metricUnknownAt ?? [])];
  const late = times.find((at) => parseGoDuration(at) > duration);
  if (late) return `${late} is after the end of the rehearsal (${durationName})`;
  for (const [at, wanted] of Object.entries(entry.replicasAt ?? {})) {
    const { least, most } = bounds(wanted);
    if (least > most) return `at ${at}: at least ${least} and at most ${most} cannot both hold`;
    if (neverAbove !== undefined && least > neverAbove)
      return `at ${at} it wants ${least}, but never above ${neverAbove}`;
    if (neverBelow !== undefined && most < neverBelow)
      return `at ${at} it wants ${most}, but never below ${neverBelow}`;
  }
  return undefined;
}

/** Two entries for one autoscaler may not want different sizes at the same moment. */
function contradictionWith(entry: Expectation, seen: Map<string, unknown>): string | undefined {
  for (const [at, wanted] of Object.entries(entry.replicasAt ?? {})) {
    const key = `${entry.autoscaler} ${parseGoDuration(at)}`;
    const other = seen.get(key);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(wanted)) {
      return `at ${at} it wants both ${JSON.stringify(other)} and ${JSON.stringify(wanted)} replicas`;
    }
    seen.set(key, wanted);
  }
  return undefined;
}

/** The range of sizes that an expectation allows. */
export function bounds(wanted: z.infer<typeof replicas>): { readonly least: number; readonly most: number } {
  if (typeof wanted === 'number') return { least: wanted, most: wanted };
  return { least: wanted.atLeast ?? 0, most: wanted.atMost ?? Number.POSITIVE_INFINITY };
}
