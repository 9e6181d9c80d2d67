import { messageOf } from '../../errors';
import { Selector } from '../../kube/selector';

/** A selector of the target's pods that cannot be used: no metric is evaluated. */
export interface SelectorProblem {
  /** Reason of the event. */
  readonly event: string;
  readonly message: string;
  /** Reason and message of the condition, where they differ from the event's. */
  readonly condition?: { readonly reason: string; readonly message: string } | undefined;
}

/** What came of the selector that was parsed last: an autoscaler comes with the same one sync after sync. */
let last:
  { readonly selector: string; readonly minor: number; readonly error: string | undefined } | undefined;

/** Why a selector cannot be parsed, in the words of `labels.Parse` of that minor version. */
export function selectorError(selector: string, minor: number): string | undefined {
  if (last?.selector !== selector || last.minor !== minor) {
    last = { selector, minor, error: parseError(selector, minor) };
  }
  return last.error;
}

function parseError(selector: string, minor: number): string | undefined {
  try {
    Selector.parse(selector, minor);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
