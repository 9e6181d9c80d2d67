import { z } from 'zod';
import { findingsJson, findingsText } from '../../report';
import { checkedOf, exitCodeOf, findingsOf } from '../findings';
import { styleOf, type Io } from '../io';
import { subjectOf } from '../subject';
import { jsonOption, manifestOptions, readOptions, stackOptions } from './read-options';

const checkOptions = z.object({ ...stackOptions, ...manifestOptions, ...jsonOption });

/** `plimsoll check STACK` and `plimsoll check --manifests DIR`: exit code 1 if a link of the chain is broken. */
export function check(stackName: string | undefined, options: unknown, io: Io): number {
  const { json, ...named } = readOptions(checkOptions, options);
  const subject = subjectOf(stackName, named);
  const findings = findingsOf(subject);
  const style = styleOf(io.stdout, io);
  io.stdout.write(json ? findingsJson(findings) : findingsText(findings, checkedOf(subject), style));
  return exitCodeOf(findings);
}
