import { z } from 'zod';
import { defaultRules } from '../../core/rules';
import { type Io } from '../io';
import { durationOption } from '../read-config';
import { readOptions } from './read-options';

const defaultOptions = z.object({
  labelPrefix: z.string().regex(/^(?:[a-zA-Z_]\w*)?$/, 'write the beginning of a label, such as kube_'),
  rateInterval: z.string(),
  upstreamOnly: z.boolean().default(false),
});

/** `plimsoll rules default`: the rule set to start from, as YAML. */
export function rulesDefault(_argument: string | undefined, options: unknown, io: Io): number {
  const { labelPrefix, rateInterval, upstreamOnly } = readOptions(defaultOptions, options);
  const rateIntervalMs = durationOption('rate-interval', rateInterval);
  io.stdout.write(defaultRules({ labelPrefix, rateIntervalMs, upstreamOnly }));
  return 0;
}
