import { stripVTControlCharacters } from 'node:util';
import { textReport } from '../../report';
import { broken, settled } from './fixture';

const plain = { color: false, width: 90 };

describe('the report for a terminal', () => {
  it('tells how a load was followed', () => {
    expect(textReport(settled, plain)).toMatchSnapshot();
  });

  it('tells why nothing was scaled', () => {
    expect(textReport(broken, plain)).toMatchSnapshot();
  });

  it.each([60, 80, 120])('keeps to %i characters', (width) => {
    const lines = textReport(broken, { color: false, width }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('does not make a failure of links that were slow to come up', () => {
    const problems = broken.problems.map((problem) => ({ ...problem, lastMs: 75_000 }));
    const text = textReport({ ...settled, problems }, plain);
    expect(text).toContain(
      'Links that did not carry at first or for a while, all over by 1m15s\n  - network: ',
    );
    expect(text).not.toContain('to the end');
  });

  it('says the same with colours as without', () => {
    const colored = textReport(settled, { color: true, width: 90 });
    expect(colored).not.toBe(textReport(settled, plain));
    expect(stripVTControlCharacters(colored)).toBe(textReport(settled, plain));
  });

  it('says so when nothing is expected', () => {
    expect(textReport({ ...settled, outcomes: [] }, plain)).toContain('The scenario expects nothing.');
  });
});
