import { z } from 'zod';
import { configReference, configSchema } from '../../core/rules';
import { type Io } from '../io';
import { readOptions } from './read-options';

const schemaOptions = z.object({ markdown: z.boolean().default(false) });

/** `plimsoll rules schema`: what a configuration may hold, as a JSON schema for editors or as tables for people. */
export function rulesSchema(_argument: string | undefined, options: unknown, io: Io): number {
  const { markdown } = readOptions(schemaOptions, options);
  io.stdout.write(markdown ? configReference() : `${JSON.stringify(configSchema(), null, 2)}\n`);
  return 0;
}
