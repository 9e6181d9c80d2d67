import { z } from 'zod';

/** Schema of objects whose unknown keys are either refused or passed over. */
type ObjectSchema = <Shape extends z.ZodRawShape>(shape: Shape) => z.ZodObject<Shape>;

const seconds = z.number();
const milli = z.int();
const replicas = z.int32();
const gate = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();
const map = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value).nullish();
const requests = map(z.union([z.string(), z.number()]));

/** The recording as it stands in JSON (docs/hpa.md describes it). What Go leaves out or writes as null is absent. */
function recordingSchema(object: ObjectSchema) {
  const container = object({ name: z.string(), restartPolicy: z.string().nullish(), requests });
  const pod = object({
    name: z.string().min(1),
    phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']),
    ready: z.enum(['True', 'False', 'Unknown']).nullish(),
    readySince: seconds.nullish(),
    startTime: seconds.nullish(),
    deleting: z.boolean().nullish(),
    containers: list(container),
    initContainers: list(container),
    resources: object({ requests }).nullish(),
    overhead: requests,
  });
  const sample = object({ value: milli, timestamp: seconds.nullish(), window: seconds.nullish() });
  const metrics = object({
    resource: map(map(sample)),
    pods: map(map(milli)),
    object: map(milli),
    external: map(list(milli)),
    errors: map(z.string()),
  });
  const sync = object({
    at: seconds,
    restart: z.boolean().nullish(),
    spec: z.unknown().optional(),
    specReplicas: replicas.nullish(),
    statusReplicas: replicas.nullish(),
    selector: z.string().nullish(),
    scaleError: z.string().nullish(),
    updateError: z.string().nullish(),
    pods: list(pod),
    metrics: metrics.nullish(),
    outcome: z.unknown().optional(),
    events: z.unknown().optional(),
  });
  const flags = object({
    tolerance: z.number().min(0).nullish(),
    downscaleStabilization: seconds.min(0).nullish(),
    cpuInitializationPeriod: seconds.min(0).nullish(),
    initialReadinessDelay: seconds.min(0).nullish(),
  });
  return object({
    id: z.string(),
    kubernetes: z.string(),
    namespace: z.string().min(1).nullish(),
    name: z.string().min(1).nullish(),
    featureGates: object({
      HPAConfigurableTolerance: gate,
      HPAScaleToZero: gate,
      PodLevelResources: gate,
      HPAGeneration: gate,
    }).nullish(),
    controller: flags.nullish(),
    hpa: z.unknown(),
    syncs: z.array(sync).nullable(),
    counters: z.unknown().optional(),
  });
}

/** Refuses what it does not know, so that a misspelt key does not go unnoticed. */
export const strictRecording = recordingSchema(z.strictObject);
/** Passes over what it does not know. */
export const lenientRecording = recordingSchema(z.object);

export type WrittenRecording = z.infer<typeof strictRecording>;
export type WrittenSync = NonNullable<WrittenRecording['syncs']>[number];
export type WrittenPod = NonNullable<WrittenSync['pods']>[number];
export type WrittenMetrics = NonNullable<WrittenSync['metrics']>;
