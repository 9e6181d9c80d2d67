import { QuietLog } from '../../../apps/adapter/quiet-log';
import { createLogger } from '../../../apps/runtime';

describe('a problem that goes on', () => {
  const lines: string[] = [];
  let now = 0;
  const logger = createLogger({
    level: 'info',
    write: (line) => void lines.push(line),
    now: () => new Date(0),
  });
  const quiet = new QuietLog(logger, () => now);

  it('is told when it begins, and again after five minutes', () => {
    quiet.warn('a', 'failed', { cause: 'x' });
    now += 299_999;
    quiet.warn('a', 'failed', { cause: 'x' });
    expect(lines).toHaveLength(1);
    now += 1;
    quiet.warn('a', 'failed', { cause: 'x' });
    expect(lines).toHaveLength(2);
  });

  it('is told again after the clock was set back', () => {
    now -= 3_600_000;
    quiet.warn('a', 'failed', { cause: 'x' });
    expect(lines.splice(2)).toHaveLength(1);
  });

  it('does not hide another one', () => {
    quiet.warn('b', 'failed', { cause: 'y' });
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('"cause":"y"');
  });
});
