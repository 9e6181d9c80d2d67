import { UsageError } from '../../../errors';
import { formatDuration } from '../../../kube/duration';
import { parseExpr, type SelectorUse, selectorsOf } from '../../../promql';

/**
 * The query for when the newest sample was taken that a usage query read, by the given labels.
 *
 * Autoscalers need it for CPU: while a pod starts they leave out every value whose window had begun before the pod
 * got ready, that is whose timestamp is less than the window behind that. Upstream says the time of the evaluation,
 * which is later than the newest sample by up to a scrape interval, so that a window which reaches back to before
 * the pod was ready passes for a clean one. `timestamp()` of what the query selects is the true end of the window.
 *
 * For one container (or node) it is the newest of its series: series of containers that ended linger for minutes,
 * and are not what the value follows. Over the containers of a pod the answer takes the earliest, as upstream does,
 * because all of them must be clean.
 * @returns nothing where that cannot be read off the query: it is not valid, or reads from more than one set of
 * series, or at a fixed time
 */
export function sampleTimeQuery(query: string, by: readonly string[]): string | undefined {
  const [use, ...others] = distinctUses(query);
  if (!use || others.length > 0 || use.at !== undefined) return undefined;
  const offset = use.offsetMs === 0 ? '' : ` offset ${formatDuration(use.offsetMs)}`;
  return `max by (${by.join(', ')}) (timestamp(${selectorText(use)}${offset}))`;
}

function distinctUses(query: string): readonly SelectorUse[] {
  try {
    const uses = selectorsOf(parseExpr(query));
    return [...new Map(uses.map((use) => [`${selectorText(use)} ${use.offsetMs}`, use])).values()];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [];
  }
}

function selectorText({ matchers }: SelectorUse): string {
  return `{${matchers.map(String).join(',')}}`;
}
