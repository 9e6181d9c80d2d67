import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../core/check';

const page = readFileSync(join(__dirname, '../../docs/checks.md'), 'utf8');
/** Cells of the table, row by row. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/checks.md', () => {
  it('lists every check, in order', () => {
    expect(rows).toEqual(CHECKS.map(({ id, severity, title }) => [`\`${id}\``, severity, title]));
  });
});
