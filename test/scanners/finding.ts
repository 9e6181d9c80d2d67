import { parseObject, refOf, refText } from '../../core/kube/object';

/** What a scanner has against an object. */
export interface ScannerFinding {
  /** `Kind namespace/name`. */
  readonly object: string;
  /** Id of the scanner's check. */
  readonly check: string;
  readonly text: string;
}

/** One line for each finding, for the message of a failing test. */
export function findingLines(findings: readonly ScannerFinding[]): string[] {
  return findings.map(({ object, check, text }) => `${object}: ${check}: ${text}`);
}

/** `Kind namespace/name` of what a scanner read. */
export function objectText(apiVersion: string, kind: string, metadata: object): string {
  return refText(refOf(parseObject({ apiVersion, kind, metadata }, 'output of a scanner')));
}
