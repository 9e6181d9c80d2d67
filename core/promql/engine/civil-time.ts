/** A time of the proleptic Gregorian calendar in UTC. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly daysInMonth: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_SECONDS = 86_400;
/** Seconds from the first day of Go's calendar (1 March -292277022400) to 1970. */
const EPOCH_SECONDS = 9_223_372_028_741_760_000n;
const FIRST_YEAR = -292_277_022_400;
const CYCLE_DAYS = 146_097;
const INT64_LIMIT = 2 ** 63;

/**
 * What Go's `time.Unix(int64(seconds), 0).UTC()` is, overflow included: a number that is none, or does not fit, is the
 * smallest 64-bit integer, as on amd64.
 */
export function civilTime(seconds: number): CivilTime {
  const fits = seconds >= -INT64_LIMIT && seconds < INT64_LIMIT;
  const whole = BigInt(fits ? Math.trunc(seconds) : -INT64_LIMIT);
  const sinceStart = BigInt.asUintN(64, whole + EPOCH_SECONDS);
  const days = Number(sinceStart / BigInt(DAY_SECONDS));
  const secondOfDay = Number(sinceStart % BigInt(DAY_SECONDS));
  return {
    ...dateOf(days),
    // 1 March of the first year was a Wednesday.
    weekday: (days + 3) % 7,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor((secondOfDay % 3600) / 60),
  };
}

/** The date of a day since the first 1 March. Years begin in March here, so that leap days are at their ends. */
function dateOf(days: number): Pick<CivilTime, 'year' | 'month' | 'day' | 'dayOfYear' | 'daysInMonth'> {
  const cycle = Math.floor(days / CYCLE_DAYS);
  const dayOfCycle = days - cycle * CYCLE_DAYS;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / (CYCLE_DAYS - 1))) /
      365,
  );
  const dayFromMarch =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayFromMarch + 2) / 153);
  const day = dayFromMarch - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = FIRST_YEAR + cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0);
  const leap = isLeap(year);
  const dayOfYear = month <= 2 ? dayFromMarch - 305 : dayFromMarch + (leap ? 61 : 60);
  return { year, month, day, dayOfYear, daysInMonth: daysIn(month, leap) };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(month: number, leap: boolean): number {
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
