import { hpaConfig, type HpaConfig } from '../../../../core/hpa';
import { type FeatureGates } from '../../../../core/hpa/config/config';
import { MINUTE, SECOND } from '../support';

/** Minor versions of Kubernetes whose own tests these vectors are; 37 has most of them in tables, by other names. */
const MINORS = [28, 36, 37] as const;

/** One test of upstream. */
export interface UpstreamCase {
  /** The Go test and, after a colon, the case of its table. */
  readonly name: string;
  /** What it is called in 37, if that is something else; false if it is gone there. */
  readonly in37?: string | false;
  /** First minor version that has it. */
  readonly since?: number;
  /** Last minor version that has it. */
  readonly until?: number;
}

/** Declares a test for every case and every version that has it. */
export function eachVersion<Case extends UpstreamCase>(
  cases: readonly Case[],
  test: (test: Case, minor: number) => void,
): void {
  describe.each(MINORS)('Kubernetes 1.%d', (minor) => {
    for (const each of cases) {
      const name = nameIn(minor, each);
      if (name !== undefined) it(name, () => test(each, minor));
    }
  });
}

function nameIn(
  minor: number,
  { name, in37, since = 0, until = Infinity }: UpstreamCase,
): string | undefined {
  if (minor < since || minor > until) return undefined;
  if (minor < 37 || in37 === undefined) return name;
  return in37 === false ? undefined : in37;
}

/** The constants of upstream's unit tests. */
export function unitTestConfig(minor: number, featureGates: Partial<FeatureGates> = {}): HpaConfig {
  return hpaConfig({
    kubernetes: `1.${minor}`,
    tolerance: 0.1,
    downscaleStabilization: 5 * MINUTE,
    cpuInitializationPeriod: 2 * MINUTE,
    initialReadinessDelay: 10 * SECOND,
    featureGates,
  });
}
