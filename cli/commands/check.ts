import { z } from 'zod';
import { checkObjects } from '../../core/check';
import { findingsJson, findingsText } from '../../report';
import { styleOf, type Io } from '../io';
import { subjectOf } from '../subject';
import { jsonOption, manifestOptions, readOptions, stackOptions } from './read-options';

const checkOptions = z.object({ ...stackOptions, ...manifestOptions, ...jsonOption });

/** `plimsoll check STACK` and `plimsoll check --manifests DIR`: exit code 1 if a link of the chain is broken. */
export function check(stackName: string | undefined, options: unknown, io: Io): number {
  const { json, ...named } = readOptions(checkOptions, options);
  const { objects, cluster } = subjectOf(stackName, named);
  const findings = checkObjects(objects, cluster);
  io.stdout.write(json ? findingsJson(findings) : findingsText(findings, styleOf(io.stdout, io)));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
