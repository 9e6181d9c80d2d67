import { type SourceSettings } from '../../../core/rules/sources';
import { type PrometheusSource } from '../sources';

/** What makes a client of a source. */
export type MakeSource = (settings: SourceSettings) => PrometheusSource;

interface Kept {
  readonly settings: SourceSettings;
  readonly source: DrainedSource;
}

/** The clients of the sources: that of the flags, and those of the configuration as it is now. */
export class SourceSet {
  private kept: ReadonlyMap<string, Kept> = new Map();
  /** No longer used, but not done yet. */
  private readonly leaving = new Set<DrainedSource>();

  constructor(private readonly make: MakeSource) {}

  get(name: string): PrometheusSource | undefined {
    return this.kept.get(name)?.source;
  }

  get names(): readonly string[] {
    return [...this.kept.keys()];
  }

  /** Whether the source that was made of these settings is in use: it may be asked still when it is not any more. */
  isUsed(settings: SourceSettings): boolean {
    return this.kept.get(settings.name)?.settings === settings;
  }

  /**
   * Uses these sources from now on. Those whose settings are the same go on with their connections; the others answer
   * what they were asked, and are closed then.
   * @throws UsageError for settings that cannot be; then nothing has changed
   */
  replace(wanted: readonly SourceSettings[]): void {
    const next = new Map<string, Kept>();
    try {
      for (const settings of wanted) {
        const before = this.kept.get(settings.name);
        const same = before && JSON.stringify(before.settings) === JSON.stringify(settings);
        next.set(settings.name, same ? before : { settings, source: new DrainedSource(this.make(settings)) });
      }
    } catch (error) {
      for (const source of goneFrom(next, this.kept)) void source.close();
      throw error;
    }
    const gone = goneFrom(this.kept, next);
    this.kept = next;
    for (const source of gone) {
      this.leaving.add(source);
      void source.drain().finally(() => this.leaving.delete(source));
    }
  }

  /** Closes all at once, whatever they were asked. */
  async close(): Promise<void> {
    const all = [...this.leaving, ...[...this.kept.values()].map(({ source }) => source)];
    await Promise.all(all.map((source) => source.close()));
  }
}

/** The sources that are in one set and not in another. */
function goneFrom(
  sources: ReadonlyMap<string, Kept>,
  others: ReadonlyMap<string, Kept>,
): readonly DrainedSource[] {
  return [...sources]
    .filter(([name, { source }]) => others.get(name)?.source !== source)
    .map(([, { source }]) => source);
}

/** A source that can be closed once it has answered. Its own time limits see to it that it does. */
class DrainedSource implements PrometheusSource {
  private asked = 0;
  private onIdle: (() => void) | undefined;

  constructor(private readonly source: PrometheusSource) {}

  get name(): string {
    return this.source.name;
  }

  query(...question: Parameters<PrometheusSource['query']>): ReturnType<PrometheusSource['query']> {
    return this.counted(this.source.query(...question));
  }

  labelNames(
    ...question: Parameters<PrometheusSource['labelNames']>
  ): ReturnType<PrometheusSource['labelNames']> {
    return this.counted(this.source.labelNames(...question));
  }

  labelValues(
    ...question: Parameters<PrometheusSource['labelValues']>
  ): ReturnType<PrometheusSource['labelValues']> {
    return this.counted(this.source.labelValues(...question));
  }

  async drain(): Promise<void> {
    if (this.asked > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.close();
  }

  close(): Promise<void> {
    return this.source.close();
  }

  private async counted<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.asked += 1;
    try {
      return await answer;
    } finally {
      this.asked -= 1;
      if (this.asked === 0) this.onIdle?.();
    }
  }
}
