import type { QueryOutcome } from '../../../core/adapter';
import type { Logger } from '../../runtime';
import type { WantedQuery } from '../queries';
import { QuietLog } from '../quiet-log';

export interface SourceNotesProps {
  readonly logger: Logger;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of each answer with a warning. */
  readonly onWarning: (source: string, rule: string) => void;
}

/** What is wrong with the sources, as the last answers to queries show: told when it begins and when it is over. */
export class SourceNotes {
  private readonly quiet: QuietLog;
  /** Why a source does not answer. */
  private readonly problems = new Map<string, string>();
  /** Why it does not answer the queries of a rule: they are too much for it, which says nothing of others. */
  private readonly tooMuch = new Map<string, Map<string, string>>();

  constructor(private readonly props: SourceNotesProps) {
    this.quiet = new QuietLog(props.logger, props.now);
  }

  /** What is wrong with a source now, if something is. */
  problem(source: string): string | undefined {
    const [slow] = this.tooMuch.get(source) ?? [];
    return this.problems.get(source) ?? (slow && slow.join(': '));
  }

  note({ source, rule }: WantedQuery, outcome: QueryOutcome): void {
    if ('error' in outcome && outcome.unasked === true) return;
    if ('error' in outcome && outcome.tooMuch === true) {
      this.noteTooMuch(source, rule, outcome.error);
      return;
    }
    this.tooMuch.get(source)?.delete(rule);
    if ('error' in outcome && outcome.unavailable === true) this.began(source, outcome.error);
    else this.ended(source);
    if (!('error' in outcome)) this.noteWarnings(source, rule, outcome.warnings);
  }

  /** Sources are others now. */
  clear(): void {
    this.problems.clear();
    this.tooMuch.clear();
  }

  private noteTooMuch(source: string, rule: string, cause: string): void {
    const rules = this.tooMuch.get(source) ?? new Map<string, string>();
    this.tooMuch.set(source, rules.set(rule, cause));
    const fields = { source: shown(source), rule, cause };
    this.quiet.warn(`${source} ${rule}`, 'a query is too much for its source', fields);
  }

  private began(source: string, cause: string): void {
    const before = this.problems.get(source);
    this.problems.set(source, cause);
    if (before === undefined)
      this.props.logger.warn('a source does not answer', { source: shown(source), cause });
  }

  private ended(source: string): void {
    if (!this.problems.delete(source)) return;
    this.props.logger.info('a source answers again', { source: shown(source) });
  }

  /** Prometheus itself remarks on what it thinks of a query; that is for who explains it. */
  private noteWarnings(source: string, rule: string, warnings: readonly string[] = []): void {
    const warning = warnings.find((text) => !text.startsWith('PromQL '));
    if (warning === undefined) return;
    this.props.onWarning(source, rule);
    const fields = { source: shown(source), rule, warning };
    this.quiet.warn(`${source} ${rule} ${warning}`, 'a source warns of its answer', fields);
  }
}

/** The source of the flags has no name. */
export function shown(source: string): string {
  return source === '' ? 'default' : source;
}
