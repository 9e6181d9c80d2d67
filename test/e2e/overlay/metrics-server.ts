import { parseGoDuration } from '../../../core/kube/duration';
import { flagValue } from '../../../core/kube/command-line';
import { changeWords } from './containers';
import type { ObjectEdit } from './object-edit';
import type { Times } from './times';
import { flagChanges } from './words';

const FLAG = 'metric-resolution';
/** metrics-server ends at once with less (`cmd/metrics-server/app/options/options.go`). */
const LEAST_MS = 10_000;
const DEFAULT_TIMEOUT = '10s';

/**
 * How often metrics-server looks at the nodes. Below ten seconds, and up to its timeout for a kubelet, it does not start,
 * so the time stays if it would come to that.
 */
export function scaleMetricsServer(edit: ObjectEdit, times: Times): void {
  changeWords(edit, (words, { image = '' }, where) => {
    const resolution = flagValue(words, FLAG);
    if (resolution === undefined || !/(^|\/)metrics-server[:@]/.test(image)) return [];
    const scaledMs = parseGoDuration(resolution) / times.factor;
    const timeoutMs = parseGoDuration(flagValue(words, 'kubelet-request-timeout') ?? DEFAULT_TIMEOUT);
    if (scaledMs >= LEAST_MS && scaledMs > timeoutMs)
      return flagChanges(words, FLAG, (text) => times.go(text, where));
    edit.keep(`--${FLAG}`, resolution, 'metrics-server does not start with less than 10s');
    return [];
  });
}
