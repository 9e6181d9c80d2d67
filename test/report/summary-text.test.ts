import { replicaCharts, summaryText } from '../../report';
import { broken, settled } from './fixture';

const style = { color: false, width: 100 };

describe('a rehearsal in one line', () => {
  it('tells every size of every autoscaler, the chain and the expectations', () => {
    expect(summaryText({ timeline: settled, brokenLinks: 0 }, 11, style)).toBe(
      '✓ kind         backend-1 1 → 2, backend-2 1 → 4 → 5; chain holds, 2 of 2 expectations met\n',
    );
  });

  it('counts broken links', () => {
    expect(summaryText({ timeline: settled, brokenLinks: 3 }, 4, style)).toMatch(
      /^✗ kind .*; 3 broken links, 2 of 2 expectations met\n$/,
    );
  });

  it('names each expectation that was missed, and what was seen instead', () => {
    const lines = summaryText({ timeline: broken, brokenLinks: 0 }, 4, style).split('\n');
    const missed = broken.outcomes.filter(({ met }) => !met);
    expect(missed.length).toBeGreaterThan(0);
    expect(lines[0]).toMatch(/^✗ /);
    const text = lines.join(' ').replace(/\s+/g, ' ');
    for (const { expectation, actual } of missed) expect(text).toContain(`✗ ${expectation} (${actual})`);
  });
});

describe('the charts of replicas alone', () => {
  it('are one an autoscaler, under its name', () => {
    const charts = replicaCharts(settled, style);
    expect(charts).toMatch(/^kind: backend\/backend-1\n {2}replicas\n {2}2 ┤ /);
    expect(charts).toContain('\nkind: backend/backend-2\n');
    expect(charts).not.toContain('metric');
  });
});
