import { z } from 'zod';
import { durationMs, httpSettings, oneOf, wholeNumber } from '../../../apps/runtime';
import { readSettings } from '../../../apps/runtime/settings';
import { UsageError } from '../../../core/errors';

const schema = httpSettings.extend({ COLOUR: oneOf(['red', 'blue']), NOTE: z.string().optional() });

describe('settings from the environment', () => {
  it('have defaults, for variables that are empty too', () => {
    expect(readSettings(schema, { COLOUR: 'red', PORT: '', HOME: '/root' })).toEqual({
      COLOUR: 'red',
      PORT: 8080,
      LOG_LEVEL: 'info',
      SHUTDOWN_DELAY: 3000,
      SHUTDOWN_GRACE: 20_000,
    });
  });

  it('are read as what they are', () => {
    const given = { COLOUR: 'blue', PORT: '0', SHUTDOWN_DELAY: '1m30s', LOG_LEVEL: 'debug' };
    expect(readSettings(schema, given)).toMatchObject({
      COLOUR: 'blue',
      PORT: 0,
      SHUTDOWN_DELAY: 90_000,
      LOG_LEVEL: 'debug',
    });
  });

  it.each([
    ['PORT', '65536', 'PORT="65536": must be a whole number from 0 to 65535'],
    ['PORT', '-1', 'PORT="-1": must be a whole number from 0 to 65535'],
    ['PORT', '0x50', 'PORT="0x50": must be a whole number from 0 to 65535'],
    ['PORT', '8080 ', 'PORT="8080 ": must be a whole number from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL="loud": must be one of: debug, info, warn, error'],
    ['COLOUR', undefined, 'COLOUR is not set: must be one of: red, blue'],
    [
      'SHUTDOWN_GRACE',
      '5',
      'SHUTDOWN_GRACE="5": must be a duration like 500ms, 10s or 1m30s, from 0s to 600s',
    ],
    ['SHUTDOWN_GRACE', '-5s', 'SHUTDOWN_GRACE="-5s": must be a duration'],
    ['SHUTDOWN_GRACE', '11m', 'SHUTDOWN_GRACE="11m": must be a duration'],
  ])('refuse %s=%j, and say what is allowed', (name, value, message) => {
    const read = () => readSettings(schema, { COLOUR: 'red', [name]: value });
    expect(read).toThrow(UsageError);
    expect(read).toThrow(message);
  });

  it('have bounds of their own', () => {
    const own = z.object({ PARTS: wholeNumber(2, 10), PAUSE: durationMs(1000) });
    expect(readSettings(own, { PARTS: '2', PAUSE: '1s' })).toEqual({ PARTS: 2, PAUSE: 1000 });
    const read = () => readSettings(own, { PARTS: '1', PAUSE: '1001ms' });
    expect(read).toThrow(/^PARTS="1": must be .* from 2 to 10\nPAUSE="1001ms": must be .* from 0s to 1s$/);
  });

  it('name everything that is wrong at once', () => {
    const read = () => readSettings(schema, { PORT: 'http', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/^PORT="http": .*\nLOG_LEVEL="loud": .*\nCOLOUR is not set: .*$/);
  });
});
