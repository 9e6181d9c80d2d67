import { decodeRune, type GoString, runeCount } from '../../kube/go-string';

/** Flags, width and precision of one verb (fmt `format.go`). */
export interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v`, where it is no plus sign. */
  plusV: boolean;
  /** `%#v` */
  sharpV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export function noFlags(): Flags {
  return {
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    width: undefined,
    precision: undefined,
  };
}

/** Pads to the width in runes: with zeros on the left if so flagged, else with spaces on the side that is flagged. */
export function pad(text: GoString, flags: Flags): GoString {
  const padding = paddingOf((flags.width ?? 0) - runeCount(text), flags);
  return flags.minus ? text + padding : padding + text;
}

/** Pads a number, whose zeros are its own affair. */
export function padWithSpaces(text: GoString, flags: Flags): GoString {
  return pad(text, { ...flags, zero: false });
}

export function paddingOf(count: number, { zero, minus }: Flags): string {
  return (zero && !minus ? '0' : ' ').repeat(Math.max(0, count));
}

/** The first runes, as many as the precision says. */
export function truncated(text: GoString, { precision }: Flags): GoString {
  if (precision === undefined) return text;
  let end = 0;
  for (let count = 0; count < precision && end < text.length; count += 1) end += decodeRune(text, end).width;
  return text.slice(0, end);
}
