import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { Registry } from '../../core/adapter';
import { configTextIn } from '../../core/rule-check';
import { parseRuleTests, runRuleTests, type RuleTestFile } from '../../core/rule-test';
import { parseAdapterConfig } from '../../core/rules';
import { ruleTestsText, type TestedFile } from '../../report';
import { styleOf, type Io } from '../io';
import { readResources } from '../read-config';
import { readText } from '../read-manifests';
import { rulesJson } from '../rules-json';
import { jsonOption, readOptions, repeatable } from './read-options';

const testOptions = z.object({ ...jsonOption, resource: repeatable, crds: repeatable });

/** `plimsoll rules test FILE…`: exit code 1 if a test fails. */
export function rulesTest(files: readonly string[], options: unknown, io: Io): number {
  const { json, resource, crds } = readOptions(testOptions, options);
  const tested = files.map((file): TestedFile => {
    const tests = parseRuleTests(readText(file), file);
    return { file, results: runRuleTests(tests, registryOf(tests, resource, crds)) };
  });
  io.stdout.write(json ? rulesJson(tested.map(asJson)) : ruleTestsText(tested, styleOf(io.stdout, io)));
  const failed = tested.some(({ results }) => results.some(({ differences }) => differences.length > 0));
  return failed ? 1 : 0;
}

function registryOf(
  { file, config, resources }: RuleTestFile,
  named: readonly string[],
  crds: readonly string[],
) {
  const { text, where } =
    'text' in config ? { text: config.text, where: file } : configAt(resolve(dirname(file), config.path));
  return Registry.create(parseAdapterConfig(text, where), readResources([...named, ...resources], crds));
}

function configAt(path: string) {
  return configTextIn(readText(path), path);
}

function asJson({ file, results }: TestedFile) {
  return {
    file,
    tests: results.map(({ differences, ...result }) => ({
      ...result,
      passed: differences.length === 0,
      differences,
    })),
  };
}
