import { chart } from '../../report/chart';

describe('a chart of characters', () => {
  it('draws steps up and down, joined by risers', () => {
    const lines = chart({
      durationMs: 60_000,
      valueAt: (at) => (at < 20_000 ? 0 : at < 40_000 ? 3 : 1),
      most: 3,
      rows: 4,
      width: 33,
    });
    expect(lines).toEqual([
      '3 ┤          ╭─────────╮',
      '2 ┤          │         │',
      '1 ┤          │         ╰─────────',
      '0 ┤──────────╯',
      '  └┴──────────────┴─────────────┴',
      '   0s             30s          1m',
    ]);
  });

  it('leaves a gap where there is no value, and dashes the target', () => {
    const lines = chart({
      durationMs: 60_000,
      valueAt: (at) => (at < 30_000 ? undefined : 20),
      target: 10,
      most: 20,
      rows: 3,
      width: 24,
    });
    expect(lines.slice(0, 3)).toEqual(['20 ┤          ──────────', '10 ┤┈ ┈ ┈ ┈ ┈ ┈ ┈ ┈ ┈ ┈', ' 0 ┤']);
  });

  it.each([60, 80, 120])('keeps to %i characters', (width) => {
    const lines = chart({ durationMs: 86_400_000, valueAt: (at) => at / 8640, most: 10_000, rows: 8, width });
    expect(Math.max(...lines.map((line) => line.length))).toBe(width);
  });
});
