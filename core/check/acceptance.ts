import { didYouMean } from '../did-you-mean';
import { refOf, type KubeObject } from '../kube/object';
import type { Check } from './check';
import type { Finding, Problem } from './finding';

const PREFIX = 'accept.plimsoll.dev/';

/** The check of the annotations themselves: an exception outlives its reason easily. */
export const ACCEPTANCE_UNUSED: Omit<Check, 'run'> = {
  id: 'acceptance-unused',
  title: 'Every finding that an object accepts is there, and has a reason',
  severity: 'warning',
};

/**
 * The annotation by which an object keeps a finding, with the reason in place of a remedy: the finding is still told,
 * in one line, and is no warning any more. Errors cannot be accepted: the chain does not carry with them.
 *
 * @param check id of the check
 */
export function acceptance(check: string, reason: string): Readonly<Record<string, string>> {
  return { [`${PREFIX}${check}`]: reason };
}

/** A finding, with the reason if an annotation of its object accepts it. */
export function judged(finding: Finding, object: KubeObject | undefined): Finding {
  const reason = object && finding.severity !== 'error' && acceptancesOf(object).get(finding.check);
  return reason ? { ...finding, accepted: reason } : finding;
}

/**
 * Annotations of an object that accept nothing.
 * @param findings of the object, those that it accepts too
 * @param known ids of all checks
 */
export function unusedAcceptances(
  object: KubeObject,
  findings: readonly Finding[],
  known: readonly string[],
): readonly Problem[] {
  return [...acceptancesOf(object)].flatMap(([check, reason]) => {
    const why = whyUnused(check, reason, findings, known);
    return why === undefined ? [] : [{ object: refOf(object), ...why }];
  });
}

function whyUnused(
  check: string,
  reason: string,
  findings: readonly Finding[],
  known: readonly string[],
): Omit<Problem, 'object'> | undefined {
  const annotation = `annotation ${PREFIX}${check}`;
  const remove = `remove the ${annotation}`;
  if (!known.includes(check)) {
    return { message: `${annotation}: there is no such check${didYouMean(check, known)}`, fix: remove };
  }
  const found = findings.find((finding) => finding.check === check);
  if (!found) return { message: `${annotation}: the check finds nothing here`, fix: remove };
  if (found.severity === 'error') {
    return {
      message: `${annotation}: an error cannot be accepted, the chain does not carry with it`,
      fix: remove,
    };
  }
  if (reason === '') {
    return { message: `${annotation} gives no reason`, fix: 'write the reason as its value' };
  }
  return undefined;
}

function acceptancesOf({ metadata: { annotations = {} } }: KubeObject): ReadonlyMap<string, string> {
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(PREFIX));
  return new Map(own.map(([key, reason]) => [key.slice(PREFIX.length), reason.trim()]));
}
