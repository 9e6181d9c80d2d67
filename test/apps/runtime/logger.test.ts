import { createLogger, type LogLevel } from '../../../apps/runtime/logger';

function logged(level: LogLevel) {
  const lines: string[] = [];
  const logger = createLogger({ level, write: (line) => lines.push(line), now: () => new Date(0) });
  return { logger, lines };
}

describe('the log', () => {
  it('is one JSON object a line, whatever is in it', () => {
    const { logger, lines } = logged('info');
    logger.info('two\nlines', { port: 80, level: 'none', missing: undefined });
    expect(lines).toEqual([
      '{"level":"info","time":"1970-01-01T00:00:00.000Z","msg":"two\\nlines","port":80}\n',
    ]);
  });

  it('shows errors with their stack', () => {
    const { logger, lines } = logged('info');
    logger.error('failed', { error: new TypeError('odd') });
    expect(lines[0]).toMatch(/"error":"TypeError: odd\\n {4}at /);
  });

  it('leaves out what is less severe than asked for', () => {
    const { logger, lines } = logged('warn');
    logger.debug('no');
    logger.info('no');
    logger.warn('yes');
    logger.error('yes');
    expect(lines).toHaveLength(2);
  });
});
