import { isDeepStrictEqual } from 'node:util';
import type { RelabelConfig } from '../../../core/kube/kinds/monitoring';
import type { ScrapeJob } from '../../../core/operator';

/** A relabelling rule with every default filled in. */
export interface ComparableRule {
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly targetLabel: string;
  readonly regex: string;
  readonly modulus: number;
  readonly replacement: string;
  /** In lower case. */
  readonly action: string;
}

/** A scrape job with every default filled in, whoever wrote it. */
export interface ComparableJob {
  readonly name: string;
  readonly role: string;
  readonly namespaces: readonly string[] | 'all';
  /** What the API server is asked to select. */
  readonly selectors: readonly { readonly role: string; readonly label: string }[];
  readonly attachNode: boolean;
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly path: string;
  readonly scheme: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly relabelings: readonly ComparableRule[];
  readonly metricRelabelings: readonly ComparableRule[];
}

/** The project's own job. */
export function comparableJob(job: ScrapeJob): ComparableJob {
  return {
    name: job.name,
    role: job.role,
    namespaces: job.namespaces,
    selectors: selectorsOf(job),
    attachNode: job.attachNode,
    interval: job.interval,
    timeout: job.timeout,
    path: job.path,
    scheme: job.scheme,
    params: job.params,
    honorLabels: job.honorLabels,
    relabelings: job.relabelConfigs.map(comparableRule),
    metricRelabelings: job.metricRelabelConfigs.map(comparableRule),
  };
}

/** How two lists of jobs differ, a line for each field of a job. */
export function jobDifferences(
  ours: readonly ComparableJob[],
  theirs: readonly ComparableJob[],
): readonly string[] {
  const names = (jobs: readonly ComparableJob[]): string[] => jobs.map(({ name }) => name);
  const [own, other] = [names(ours), names(theirs)];
  const onlyOurs = own.filter((name) => !other.includes(name));
  const onlyTheirs = other.filter((name) => !own.includes(name));
  if (onlyOurs.length + onlyTheirs.length > 0) {
    return [
      ...onlyOurs.map((name) => `${name}: only ours`),
      ...onlyTheirs.map((name) => `${name}: only the operator's`),
    ];
  }
  if (!isDeepStrictEqual(own, other)) return [`the order of ${own.join(', ')} is ${other.join(', ')}`];
  return ours.flatMap((job, index) => {
    const counterpart = theirs[index];
    return counterpart ? fieldDifferences(job, counterpart) : [];
  });
}

function fieldDifferences(ours: ComparableJob, theirs: ComparableJob): readonly string[] {
  const fields = new Map<string, unknown>(Object.entries(theirs));
  return Object.entries(ours)
    .filter(([field, value]) => !isDeepStrictEqual(value, fields.get(field)))
    .map(
      ([field, value]) =>
        `${ours.name}: ${field}: ours ${JSON.stringify(value)}, the operator's ${JSON.stringify(fields.get(field))}`,
    );
}

/** The operator asks for the Services and for the objects that carry their labels. */
function selectorsOf({ role, selector }: ScrapeJob): ComparableJob['selectors'] {
  if (!selector) return [];
  const label = selector.toString();
  return (role === 'pod' ? [role] : [role, 'service']).map((asked) => ({ role: asked, label }));
}

function comparableRule(rule: RelabelConfig): ComparableRule {
  return {
    sourceLabels: rule.sourceLabels ?? [],
    separator: rule.separator ?? ';',
    targetLabel: rule.targetLabel ?? '',
    regex: rule.regex || '(.*)',
    modulus: rule.modulus ?? 0,
    replacement: rule.replacement ?? '$1',
    action: (rule.action || 'replace').toLowerCase(),
  };
}
