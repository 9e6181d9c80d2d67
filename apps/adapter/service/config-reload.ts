import { messageOf, UsageError } from '../../../core/errors';
import type { AdapterConfig } from '../../../core/rules';
import type { Logger } from '../../runtime';
import { ConfigFile } from '../config-file';
import { systemTimers } from '../timers';

type Listener<Value> = (value: Value) => void;

/** The configuration file, followed: what cannot be used changes nothing, and is told. */
export class ConfigReload {
  private readonly file: ConfigFile;
  private changed: Listener<AdapterConfig> = () => undefined;
  private finished: Listener<boolean> = () => undefined;
  private said: string | undefined;

  /** @param read throws UsageError for a text that cannot be used */
  constructor(
    private readonly path: string,
    private readonly read: (text: string, where: string) => AdapterConfig,
    private readonly logger: Logger,
  ) {
    this.file = new ConfigFile({
      path,
      timers: systemTimers,
      onText: (text) => this.take(text),
      onProblem: (message) => this.refuse(message),
    });
  }

  /** What is wrong with the file as it is now. */
  get problem(): string | undefined {
    return this.said;
  }

  /** Calls with each configuration after the first. */
  onChange(listener: Listener<AdapterConfig>): void {
    this.changed = listener;
  }

  /** Calls after each reading of a changed file: whether it can be used. */
  onResult(listener: Listener<boolean>): void {
    this.finished = listener;
  }

  /** @throws UsageError if the file cannot be used at all */
  async start(): Promise<AdapterConfig> {
    const text = await this.file.start();
    try {
      return this.read(text, this.path);
    } catch (error) {
      this.file.close();
      throw error;
    }
  }

  close(): void {
    this.file.close();
  }

  private take(text: string): void {
    try {
      // At the start upstream takes it for no rules; later it is what a file is that is being written.
      if (text.trim() === '') {
        throw new UsageError(`${this.path}: is empty; to serve nothing, write "rules: []"`);
      }
      this.changed(this.read(text, this.path));
      this.said = undefined;
      this.logger.info('the configuration was read again', { path: this.path });
      this.finished(true);
    } catch (error) {
      this.refuse(messageOf(error));
    }
  }

  private refuse(message: string): void {
    this.said = message;
    this.logger.error('the configuration cannot be used; the one before stays', { cause: message });
    this.finished(false);
  }
}
