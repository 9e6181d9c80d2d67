import { z } from 'zod';
import { checkRules, type ConfigText } from '../../core/rule-check';
import { parseAdapterConfig } from '../../core/rules';
import { ruleFindingsJson, ruleFindingsText } from '../../report';
import { styleOf, type Io } from '../io';
import { positiveDurationOption, readConfig, readResources } from '../read-config';
import { jsonOption, readOptions, repeatable } from './read-options';

const checkOptions = z.object({
  ...jsonOption,
  resource: repeatable,
  crds: repeatable,
  scrapeInterval: z.string().optional(),
});

/** `plimsoll rules check CONFIG`: exit code 1 if a rule cannot work. */
export async function rulesCheck(path: string | undefined, options: unknown, io: Io): Promise<number> {
  const { json, resource, crds, scrapeInterval } = readOptions(checkOptions, options);
  const resources = readResources(resource, crds);
  const scrapeIntervalMs = positiveDurationOption('scrape-interval', scrapeInterval);
  const config = await readConfig(path, io);
  const { findings, rules } = checkRules(config, { resources, scrapeIntervalMs });
  const checked = {
    file: config.where,
    rules,
    resourceRules: findings.length === 0 && hasResourceRules(config),
  };
  io.stdout.write(
    json ? ruleFindingsJson(findings) : ruleFindingsText(findings, checked, styleOf(io.stdout, io)),
  );
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** @param config that is known to be readable */
function hasResourceRules({ text, where }: ConfigText): boolean {
  return parseAdapterConfig(text, where).resourceRules !== undefined;
}
