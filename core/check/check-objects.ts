import { messageOf, UsageError } from '../errors';
import { Inventory } from '../kube/inventory';
import { groupOf, refOf, refText, type KubeObject, type ObjectRef } from '../kube/object';
import { isProvided, type ClusterDescriptor, type DeclaredProgram, type SourcedObject } from '../model';
import type { Check } from './check';
import { ACCEPTANCE_UNUSED, judged, unusedAcceptances } from './acceptance';
import { ALL_CHECKS } from './checks';
import { contextOf, type CheckContext } from './context';
import type { Finding, Problem, Severity } from './finding';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

const UNREADABLE: Omit<Check, 'run'> = {
  id: 'unreadable-object',
  title: 'Objects have the form of their kind',
  severity: 'error',
};

const NOT_CHECKED: Omit<Check, 'run'> = {
  id: 'not-checked',
  title: 'Every check can be made',
  severity: 'info',
};

/** What a check is called and how bad it is if it fails; for listings. */
type CheckDescription = Pick<Check, 'id' | 'title' | 'severity'>;

/** Every check there is. */
export const CHECKS: readonly CheckDescription[] = [
  UNREADABLE,
  ...ALL_CHECKS,
  ACCEPTANCE_UNUSED,
  NOT_CHECKED,
].map(({ id, title, severity }) => ({ id, title, severity }));

const CHECK_IDS = CHECKS.map(({ id }) => id);

/**
 * Checks objects and the links between them: from load to series, metric, autoscaler and back. Nothing has to come
 * from this project; objects that are not there are taken not to exist.
 *
 * @param cluster what the cluster is; without it, network policies are taken to be enforced
 * @param programs what images do that are not known here, as a scenario declares it; with it, all that is not declared
 *   is taken to export nothing, as a rehearsal of the scenario takes it
 * @returns errors first, then warnings, then what could not be verified; each in the order of the objects. It does not
 *   throw for anything that objects hold.
 */
export function checkObjects(
  objects: readonly SourcedObject[],
  cluster?: ClusterDescriptor,
  programs?: readonly DeclaredProgram[],
): readonly Finding[] {
  const places = new Map(objects.map((sourced, index) => [keyOf(refOf(sourced.object)), { sourced, index }]));
  const placeOf = (ref: ObjectRef) => places.get(keyOf(ref));
  const { readable, problems } = readObjects(objects.map(({ object }) => object));
  const isInstalled = (ref: ObjectRef) => isProvided(placeOf(ref)?.sourced.origin ?? {});
  const context = contextOf(new Inventory(readable), cluster, programs, isInstalled);
  const found: readonly Found[] = [
    ...problems.map((problem) => ({ check: UNREADABLE, problem })),
    ...ALL_CHECKS.flatMap((check) => runCheck(check, context)),
  ];
  const findings = distinct(found.map(findingOf));
  return [...findings, ...objects.flatMap(({ object }) => acceptedInVain(object, findings))]
    .map((finding) => placed(finding, placeOf(finding.object)?.sourced))
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        (placeOf(a.object)?.index ?? objects.length) - (placeOf(b.object)?.index ?? objects.length),
    );
}

interface Found {
  readonly check: CheckDescription;
  readonly problem: Problem;
}

function findingOf({ check: { id, severity }, problem }: Found): Finding {
  return { check: id, severity, ...problem };
}

/** What one object accepts though it is not there. */
function acceptedInVain(object: KubeObject, findings: readonly Finding[]): readonly Finding[] {
  const key = keyOf(refOf(object));
  const own = findings.filter((finding) => keyOf(finding.object) === key);
  return unusedAcceptances(object, own, CHECK_IDS).map((problem) =>
    findingOf({ check: ACCEPTANCE_UNUSED, problem }),
  );
}

/** A finding with what is known of where its object comes from, and with the object's own opinion of it. */
function placed(finding: Finding, sourced: SourcedObject | undefined): Finding {
  const constructPath = sourced?.origin.constructPath;
  return { ...judged(finding, sourced?.object), ...(constructPath === undefined ? {} : { constructPath }) };
}

/** Runs one check; a value that it cannot read, such as a bad expression, ends that check alone. */
function runCheck(check: Check, context: CheckContext): readonly Found[] {
  const found: Found[] = [];
  try {
    for (const problem of check.run(context)) {
      if (check.ofOwnObjects && context.isProvided(problem.object)) continue;
      found.push({ check, problem });
    }
  } catch (error) {
    const object = error instanceof UsageError && objectIn(error.message, context);
    if (!object) throw error;
    found.push({
      check: NOT_CHECKED,
      problem: {
        object,
        message: `check ${check.id} was not made to its end: ${messageOf(error)}`,
        fix: 'correct what the reason names',
      },
    });
  }
  return found;
}

/** The object that a reason names; the first one if it names none. */
function objectIn(reason: string, { written }: CheckContext): ObjectRef | undefined {
  const refs = written.objects.map(refOf);
  return refs.find((ref) => reason.includes(refText(ref))) ?? refs[0];
}

/** Tells objects that fit their kind from those that do not. */
function readObjects(objects: readonly KubeObject[]): {
  readonly readable: readonly KubeObject[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const readable = objects.filter((object) => {
    try {
      new Inventory([object]).readAll();
      return true;
    } catch (error) {
      const message = messageOf(error).replace(`${refText(refOf(object))}: `, '');
      problems.push({ object: refOf(object), message, fix: 'correct the field that the message names' });
      return false;
    }
  });
  return { readable, problems };
}

/** Two metrics of one rule, for example, have the same problem once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ check, object, message }) => {
    const key = [check, keyOf(object), message].join('\n');
    return !seen.has(key) && seen.add(key);
  });
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return [groupOf(apiVersion), kind, namespace ?? '', name].join('/');
}
