import { z } from 'zod';
import { httpSettings, oneOf } from '../../../apps/runtime';
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

  it('name everything that is wrong at once', () => {
    const read = () => readSettings(schema, { PORT: 'http', LOG_LEVEL: 'loud' });
    expect(read).toThrow(/^PORT="http": .*\nLOG_LEVEL="loud": .*\nCOLOUR is not set: .*$/);
  });
});
