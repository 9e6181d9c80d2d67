import { z } from 'zod';
import type { KubeObject } from '../../../core/kube/object';
import type { ObjectEdit } from './object-edit';
import type { WordChange } from './words';

/** Where objects of a kind hold the spec of their pods. */
const POD_SPECS: Readonly<Record<string, string>> = {
  Deployment: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  ReplicaSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
  Pod: 'spec',
};

const container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
});
/** A container, as far as an overlay reads it. */
export type EditedContainer = z.infer<typeof container>;

/** Path of the spec of an object's pods; undefined if it makes none. */
export function podSpecPath({ kind }: KubeObject): string | undefined {
  return POD_SPECS[kind];
}

/** Changes words of the command lines of an object's containers, `command` before `args`. */
export function changeWords(
  edit: ObjectEdit,
  changesTo: (words: readonly string[], container: EditedContainer, where: string) => readonly WordChange[],
): void {
  const spec = podSpecPath(edit.object);
  if (spec === undefined) return;
  edit.change(`${spec}.containers.*`, (value, path) => {
    const read = container.parse(value);
    const { command = [], args = [] } = read;
    const words = [...command, ...args];
    const changes = changesTo(words, read, `${edit.name}, container ${read.name}`);
    if (changes.length === 0) return value;
    const next = [...words];
    for (const { index, to } of changes) {
      const inArgs = index - command.length;
      const place = inArgs < 0 ? `command[${index}]` : `args[${inArgs}]`;
      edit.record(`${path}.${place}`, words[index] ?? '(default)', to);
      next[index] = to;
    }
    return {
      ...read,
      ...(command.length > 0 ? { command: next.slice(0, command.length) } : {}),
      ...(next.length > command.length ? { args: next.slice(command.length) } : {}),
    };
  });
}
