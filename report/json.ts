import type { Timeline } from '../core/model';
import { expectationsMet } from './verdict';

/** The timeline as JSON, verdict first: the same timeline always gives the same bytes. */
export function jsonReport(timeline: Timeline): string {
  return `${JSON.stringify({ met: expectationsMet(timeline), ...timeline })}\n`;
}
