import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Go module of the oracle: this folder, also when this file runs compiled, in `build/`. */
export const ORACLE_FOLDER = __dirname.replace(/([\\/])build\1test/, '$1test');

/** A Kubernetes version whose controller can be driven. */
export interface OracleVersion {
  /** Minor version, such as `1.36`. */
  readonly kubernetes: string;
  /** Build tags: the API of the packages that are driven changed over time. */
  readonly tags: readonly string[];
}

const BEFORE_1_30 = ['before_1_30', 'before_1_32'];
const BEFORE_1_32 = ['before_1_32'];

/** Oldest first. */
export const ORACLE_VERSIONS: readonly OracleVersion[] = [
  { kubernetes: '1.28', tags: BEFORE_1_30 },
  { kubernetes: '1.29', tags: BEFORE_1_30 },
  { kubernetes: '1.30', tags: BEFORE_1_32 },
  { kubernetes: '1.31', tags: BEFORE_1_32 },
  ...['1.32', '1.33', '1.34', '1.35', '1.36', '1.37'].map((kubernetes) => ({ kubernetes, tags: [] })),
];

/** The go.mod that pins a version; a file of that name with `.sum` lies beside it. */
export function modFile({ kubernetes }: OracleVersion): string {
  return join(ORACLE_FOLDER, 'versions', `${kubernetes}.mod`);
}

/** The patch release that is driven, such as `v1.36.4`. */
export function moduleVersion(version: OracleVersion): string {
  const [, found] = /^\s*k8s\.io\/kubernetes (v\S+)/m.exec(readFileSync(modFile(version), 'utf8')) ?? [];
  if (found === undefined) throw new Error(`${modFile(version)} does not require k8s.io/kubernetes`);
  return found;
}

/** @throws Error naming the versions that there are */
export function findVersion(kubernetes: string): OracleVersion {
  const found = ORACLE_VERSIONS.find((version) => version.kubernetes === kubernetes);
  if (found) return found;
  const known = ORACLE_VERSIONS.map((version) => version.kubernetes).join(', ');
  throw new Error(`no oracle for Kubernetes ${kubernetes}: there are ${known}`);
}
