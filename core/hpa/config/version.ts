import { NotSupportedError } from '../../errors';

/** Minor versions whose model has been compared with their own controller; docs/hpa.md says how. */
export const OLDEST_PROVEN = 28;
export const NEWEST_PROVEN = 37;

/** What differs between the controllers of Kubernetes 1.28 to 1.37 and changes what they do or say. */
export interface VersionRules {
  /** Up to 1.28 texts of errors went through `fmt.Sprintf` once more, and so lost their percent signs. */
  readonly formatsErrors: boolean;
  /** Up to 1.28 a sync that fails leaves the statuses of metrics as they were (kubernetes#124149). */
  readonly failureKeepsMetricStatuses: boolean;
  /** Since 1.29 sidecars (init containers that restart) count in a pod's request. */
  readonly countsSidecars: boolean;
  /** Since 1.33 the tolerance is an interval around one, before a distance from it (KEP-4951). */
  readonly toleranceIsInterval: boolean;
  /** Up to 1.32 the status of an Object metric's average left out which object it belongs to. */
  readonly namesObjectOfAverage: boolean;
  /** Since 1.34 pod-level requests count (gate PodLevelResources). */
  readonly readsPodLevelRequests: boolean;
  /** Since 1.34 an External average saturates instead of overflowing. */
  readonly saturatesExternalAverage: boolean;
  /** Since 1.34 the status has memory in binary units. */
  readonly binaryMemory: boolean;
  /** Since 1.35 a `Value` calculation saturates instead of overflowing. */
  readonly saturatesValue: boolean;
  /** Since 1.35 a container that a pod does not have is an error; before it requested nothing. */
  readonly missingContainerIsError: boolean;
  /** Since 1.36 the controller remembers, in the condition ScaledToZero, that it scaled to zero itself. */
  readonly remembersScaleToZero: boolean;
  /** Up to 1.36 the error of an Object metric had its arguments in the wrong order. */
  readonly objectErrorInOrder: boolean;
  /** Since 1.37 an ambiguous selector names two of the autoscalers, before all. */
  readonly namesTwoRivals: boolean;
  /** Since 1.37 the status says which generation of the object was seen (gate HPAGeneration). */
  readonly observesGeneration: boolean;
}

/** The rules of one minor version. */
export function versionRules(minor: number): VersionRules {
  return {
    formatsErrors: minor <= 28,
    failureKeepsMetricStatuses: minor <= 28,
    countsSidecars: minor >= 29,
    toleranceIsInterval: minor >= 33,
    namesObjectOfAverage: minor >= 33,
    readsPodLevelRequests: minor >= 34,
    saturatesExternalAverage: minor >= 34,
    binaryMemory: minor >= 34,
    saturatesValue: minor >= 35,
    missingContainerIsError: minor >= 35,
    remembersScaleToZero: minor >= 36,
    objectErrorInOrder: minor >= 37,
    namesTwoRivals: minor >= 37,
    observesGeneration: minor >= 37,
  };
}

/**
 * The number after `1.` of a Kubernetes minor version such as `1.36`.
 *
 * @param unproven accept versions that were never compared with their own controller
 * @throws NotSupportedError if it is none, or was not compared with its own controller
 */
export function minorOf(kubernetes: string, unproven: boolean): number {
  const minor = Number(/^1\.(0|[1-9]\d{0,2})$/.exec(kubernetes)?.[1]);
  if (minor >= OLDEST_PROVEN && minor <= NEWEST_PROVEN) return minor;
  const proven = `1.${OLDEST_PROVEN} to 1.${NEWEST_PROVEN}`;
  if (Number.isNaN(minor)) {
    throw new NotSupportedError(
      `Kubernetes "${kubernetes}": write a minor version from ${proven}, such as 1.36`,
    );
  }
  if (unproven) return minor;
  throw new NotSupportedError(
    `HPA controller of Kubernetes ${kubernetes}: the model has been compared with the controllers of ${proven}; ` +
      `--unproven takes the rules of 1.${nearestProven(minor)} for it`,
  );
}

/** The minor version compared with its own controller that stands in for another. */
export function nearestProven(minor: number): number {
  return Math.min(Math.max(minor, OLDEST_PROVEN), NEWEST_PROVEN);
}
