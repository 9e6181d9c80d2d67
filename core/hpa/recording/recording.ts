import { UsageError } from '../../errors';
import { complaint } from '../../kube/object';
import { type HpaConfig, hpaConfig } from '../config/config';
import { defaultHpa, type DefaultedHpaSpec } from '../admission/defaults';
import { type HpaInputs } from '../controller/inputs';
import { type HpaSpec, parseHpaSpec } from '../admission/spec';
import { fromSeconds, type Nanoseconds } from '../time';
import { validateHpa } from '../admission/validate';
import { RecordedMetrics } from './recorded-metrics';
import { PodReader } from './recorded-pods';
import { lenientRecording, strictRecording, type WrittenRecording, type WrittenSync } from './schema';

/** What one autoscaler saw, sync by sync, ready to be given to the model. */
export interface Recording {
  readonly id: string;
  readonly config: HpaConfig;
  readonly syncs: readonly RecordedSync[];
  /** Growth of the real controller's counters, if it was recorded. Unread. */
  readonly counters: unknown;
}

/** One sync of a recording. */
export interface RecordedSync {
  readonly at: Nanoseconds;
  /** The controller lost its memory before this sync. */
  readonly restart: boolean;
  readonly inputs: HpaInputs;
  /** What came of the sync when it was recorded. Unread: `firstDifference` compares with it. */
  readonly outcome: unknown;
  /** Events of the sync, if they were recorded. Unread. */
  readonly events: unknown;
}

/** A recording, and what in it was not understood but can be passed over. */
export interface ReadRecording {
  readonly recording: Recording;
  /** Places of unknown keys, such as `syncs.0.pods.3.redy`. */
  readonly unknown: readonly string[];
}

/**
 * Reads a recording (docs/hpa.md describes the format) and applies the API server's defaults to its specs.
 *
 * @param value as parsed from JSON
 * @param unproven accept Kubernetes versions that were never compared with their own controller
 * @throws UsageError saying where and what, if it is malformed, or a spec is not valid in its Kubernetes version
 */
export function readRecording(value: unknown, unproven = false): ReadRecording {
  const { written, unknown } = readShape(value);
  const config = configOf(written, unproven);
  const syncs = new Reader(written, config).syncs();
  return { recording: { id: written.id, config, syncs, counters: written.counters }, unknown };
}

function readShape(value: unknown): {
  readonly written: WrittenRecording;
  readonly unknown: readonly string[];
} {
  const strict = strictRecording.safeParse(value);
  if (strict.success) return { written: strict.data, unknown: [] };
  const lenient = lenientRecording.safeParse(value);
  if (!lenient.success) {
    const [issue] = lenient.error.issues;
    throw new UsageError(issue ? problem(issue.path, complaint(issue)) : lenient.error.message);
  }
  const unknown = strict.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => place([...issue.path, key])) : [],
  );
  return { written: lenient.data, unknown };
}

function place(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function problem(path: readonly PropertyKey[], what: string): string {
  return path.length === 0 ? what : `${place(path)}: ${what}`;
}

function configOf({ kubernetes, featureGates, controller }: WrittenRecording, unproven: boolean): HpaConfig {
  const duration = (value: number | null | undefined): Nanoseconds | undefined =>
    value === null || value === undefined ? undefined : fromSeconds(value);
  return hpaConfig({
    kubernetes,
    unproven,
    tolerance: controller?.tolerance ?? undefined,
    downscaleStabilization: duration(controller?.downscaleStabilization),
    cpuInitializationPeriod: duration(controller?.cpuInitializationPeriod),
    initialReadinessDelay: duration(controller?.initialReadinessDelay),
    featureGates: featureGates ?? undefined,
  });
}

/** Reads the syncs of one recording in order: a spec stays until another replaces it. */
class Reader {
  private readonly name: string;
  private readonly namespace: string;
  private readonly pods = new PodReader();
  private spec: HpaSpec;
  private defaulted: DefaultedHpaSpec;
  private generation = 1;
  private latest = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly written: WrittenRecording,
    private readonly config: HpaConfig,
  ) {
    this.name = written.name ?? 'web';
    this.namespace = written.namespace ?? 'default';
    this.spec = this.readSpec(written.hpa, 'hpa', undefined);
    this.defaulted = defaultHpa(this.spec);
  }

  syncs(): RecordedSync[] {
    return (this.written.syncs ?? []).map((sync, index) => this.sync(sync, `syncs.${index}`));
  }

  private sync(written: WrittenSync, where: string): RecordedSync {
    const at = fromSeconds(written.at);
    if (at < this.latest) throw new UsageError(`${where}.at: ${written.at} lies before the sync before it`);
    this.latest = at;
    if (written.spec !== undefined && written.spec !== null) {
      this.spec = this.readSpec(written.spec, `${where}.spec`, this.spec);
      this.defaulted = defaultHpa(this.spec);
      this.generation += 1;
    }
    return {
      at,
      restart: written.restart ?? false,
      outcome: written.outcome,
      events: written.events,
      inputs: {
        name: this.name,
        namespace: this.namespace,
        generation: this.generation,
        spec: this.defaulted,
        scale: readScale(written, where),
        updateError: written.updateError || undefined,
        pods: this.pods.read(written.pods ?? [], `${where}.pods`),
        metrics: new RecordedMetrics(written.metrics ?? {}, at),
      },
    };
  }

  private readSpec(value: unknown, where: string, old: HpaSpec | undefined): HpaSpec {
    const spec = parseHpaSpec(value, where);
    const [invalid] = validateHpa(spec, this.name, this.config, old);
    if (invalid !== undefined) throw new UsageError(`${where}: ${invalid}`);
    return spec;
  }
}

function readScale(written: WrittenSync, where: string): HpaInputs['scale'] {
  if (written.scaleError) return { error: written.scaleError };
  const { specReplicas, statusReplicas, selector } = written;
  if (specReplicas === undefined || specReplicas === null)
    throw new UsageError(`${where}.specReplicas: is missing`);
  if (statusReplicas === undefined || statusReplicas === null)
    throw new UsageError(`${where}.statusReplicas: is missing`);
  return { specReplicas, statusReplicas, selector: selector ?? '' };
}
