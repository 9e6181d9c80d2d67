import type { Timers } from '../timers';
import { WatchedFiles } from './watched-files';

/** The kubelet itself looks at ConfigMaps once a minute. */
const POLL_MS = 10_000;

/** What a configuration file is followed with. */
export interface ConfigFileProps {
  readonly path: string;
  readonly timers: Timers;
  /** Given the text whenever it is another. */
  readonly onText: (text: string) => void;
  /** Told why the file cannot be read; the text of before stays good. */
  readonly onProblem: (message: string) => void;
}

/** The configuration file, read again whenever what is in it changes. */
export class ConfigFile {
  private readonly files: WatchedFiles;

  constructor({ path, timers, onText, onProblem }: ConfigFileProps) {
    this.files = new WatchedFiles({
      paths: [path],
      pollMs: POLL_MS,
      timers,
      onChange: ([text = '']) => onText(text),
      onProblem,
    });
  }

  /** Reads the file, and follows it from then on. @throws UsageError if it cannot be read */
  async start(): Promise<string> {
    const [text = ''] = await this.files.start();
    return text;
  }

  /** Stops following it. */
  close(): void {
    this.files.close();
  }
}
