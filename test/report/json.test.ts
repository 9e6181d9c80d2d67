import { expectationsMet, jsonReport } from '../../report';
import { broken, settled } from './fixture';

describe('the report as JSON', () => {
  it('is the timeline with the verdict', () => {
    expect(JSON.parse(jsonReport(settled))).toEqual({ met: true, ...settled });
    expect(JSON.parse(jsonReport(broken))).toEqual({ met: false, ...broken });
  });

  it('is the same for equal timelines', () => {
    expect(jsonReport(structuredClone(settled))).toBe(jsonReport(settled));
  });
});

describe('the verdict', () => {
  it('is good when every expectation is met, and when there is none', () => {
    expect(expectationsMet(settled)).toBe(true);
    expect(expectationsMet({ ...settled, outcomes: [] })).toBe(true);
    expect(expectationsMet(broken)).toBe(false);
  });
});
