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
    // The line of a load generator names two objects and is never broken.
    const free = lines.filter((line) => !line.includes('→'));
    expect(Math.max(...free.map((line) => line.length))).toBeLessThanOrEqual(Math.max(width, 90));
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
