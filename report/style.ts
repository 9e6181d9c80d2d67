/** How a report may look on the terminal it is written to. */
export interface Style {
  /** ANSI colours and weights. */
  readonly color: boolean;
  /** Characters in a line. */
  readonly width: number;
}

/** Ways to set text apart; each a plain copy where colour is off. */
export interface Paint {
  readonly plain: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly notice: (text: string) => string;
  readonly accent: (text: string) => string;
}

/** The paint of a style. */
export function paintOf({ color }: Style): Paint {
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    plain: (text) => text,
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    good: sgr(32, 39),
    bad: sgr(31, 39),
    notice: sgr(33, 39),
    accent: sgr(36, 39),
  };
}

/**
 * Breaks text between words into lines of at most `width` characters: the first begins with `lead`, the others with as
 * many spaces. A word longer than a line keeps a line of its own.
 */
export function hang(lead: string, text: string, width: number): string {
  const indent = ' '.repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}
