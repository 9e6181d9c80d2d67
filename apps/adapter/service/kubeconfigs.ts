import { kubeconfigAccess, type ApiAccess } from '../../kube-api';
import type { Logger } from '../../runtime';
import { QuietLog } from '../quiet-log';

/** The kubeconfig files of sources, each read once and then as it changes; what was good before stays in use. */
export class Kubeconfigs {
  private readonly opened = new Map<string, Promise<ApiAccess>>();
  private readonly quiet: QuietLog;

  constructor(
    logger: Logger,
    now: () => number,
    /** Of a clock that never goes back, in milliseconds. */
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    this.quiet = new QuietLog(logger, now);
  }

  /** The credentials of a file. They reject with a UsageError as long as there never were good ones. */
  access(path: string): Pick<ApiAccess, 'credentials'> {
    return { credentials: async () => (await this.open(path)).credentials() };
  }

  private open(path: string): Promise<ApiAccess> {
    const before = this.opened.get(path);
    if (before) return before;
    const onProblem = (cause: string) => this.quiet.warn(cause, 'kubeconfig cannot be read again', { cause });
    const opening = kubeconfigAccess(path, { now: this.elapsed, onProblem });
    this.opened.set(path, opening);
    // What is missing may come.
    opening.catch(() => this.opened.delete(path));
    return opening;
  }
}
