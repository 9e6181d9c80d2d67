import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../core/errors';
import type { ImageBundle } from '../contracts';
import type { Container, PodSpec } from './pod';

/** Whom a process runs as. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

interface Named {
  readonly name: string;
  readonly id: number;
  /** Of a user: the primary group. Of a group: 0. */
  readonly gid: number;
  /** Of a group. */
  readonly members: readonly string[];
}

/**
 * The user of a container: of its security context, the pod's, the image's, in this order.
 * @throws UsageError if the image names a user whom it does not have, or that is root where it must not be
 */
export function processUser(
  { securityContext: own }: Container,
  { securityContext: pods }: PodSpec,
  { user, rootFolder }: Pick<ImageBundle, 'user' | 'rootFolder'>,
): ProcessUser {
  const [userText = '', groupText = ''] = user.split(':');
  const users = entries(rootFolder, 'passwd');
  const groups = entries(rootFolder, 'group');
  const wanted = own.runAsUser ?? pods.runAsUser;
  const named = wanted === undefined ? users.find(({ name }) => name === userText) : undefined;
  const uid = wanted ?? named?.id ?? idOf(userText, 'user', user);
  const known = users.find(({ id }) => id === uid);
  const imageGroup =
    wanted !== undefined || groupText === ''
      ? undefined
      : (groups.find(({ name }) => name === groupText)?.id ?? idOf(groupText, 'group', user));
  if ((own.runAsNonRoot ?? pods.runAsNonRoot) === true && uid === 0) {
    throw new UsageError('container has runAsNonRoot and image will run as root');
  }
  const memberships = groups.filter(({ members }) => known && members.includes(known.name));
  const additional = [
    ...memberships.map(({ id }) => id),
    ...pods.supplementalGroups,
    ...(pods.fsGroup === undefined ? [] : [pods.fsGroup]),
  ];
  return {
    uid,
    gid: own.runAsGroup ?? pods.runAsGroup ?? imageGroup ?? known?.gid ?? 0,
    additionalGids: [...new Set(additional)],
  };
}

function idOf(text: string, what: string, user: string): number {
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`the image runs as "${user}", but has no such ${what}: set runAsUser and runAsGroup`);
}

/** Lines of /etc/passwd (`name:x:id:gid:…`) or /etc/group (`name:x:id:members`). */
function entries(rootFolder: string, file: 'passwd' | 'group'): readonly Named[] {
  const path = join(rootFolder, 'etc', file);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const [name = '', , id = '', rest = ''] = line.split(':');
      const members = file === 'group' ? rest.split(',') : [];
      return { name, id: Number(id), gid: file === 'passwd' ? Number(rest) : 0, members };
    });
}
