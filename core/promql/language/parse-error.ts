import { UsageError } from '../../errors';
import { byteOffsetOf, lineColumn } from './line-column';

/** A text that is not PromQL. `message` shows the text; `promqlMessage` is what Prometheus says about it. */
export class ParseError extends UsageError {
  override readonly name: string = 'ParseError';
  /** Where the problem is, in bytes of UTF-8. */
  readonly byteOffset: number;
  /** The error of Prometheus' parser, word for word: `1:7: parse error: unexpected …`. */
  readonly promqlMessage: string;

  /**
   * @param text the whole expression
   * @param index where in `text` the problem is
   */
  constructor(
    readonly text: string,
    index: number,
    readonly problem: string,
  ) {
    const byteOffset = byteOffsetOf(text, index);
    const promqlMessage = `${lineColumn(text, byteOffset)}: parse error: ${problem}`;
    super(`invalid PromQL expression ${JSON.stringify(text)}: ${promqlMessage}`);
    this.byteOffset = byteOffset;
    this.promqlMessage = promqlMessage;
  }
}
