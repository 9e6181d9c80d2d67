import { type RequestHeaders } from './request-headers';

/** Which headers of the front proxy say who asks; all in lower case. */
export interface IdentityHeaders {
  readonly usernames: readonly string[];
  readonly uids: readonly string[];
  readonly groups: readonly string[];
  readonly extraPrefixes: readonly string[];
}

/** Those of every Kubernetes cluster that nobody has configured otherwise. */
export const STANDARD_HEADERS: IdentityHeaders = {
  usernames: ['x-remote-user'],
  uids: ['x-remote-uid'],
  groups: ['x-remote-group'],
  extraPrefixes: ['x-remote-extra-'],
};

/** Whether a header, in lower case, is one of those. */
export function isOneOf({ usernames, uids, groups, extraPrefixes }: IdentityHeaders, name: string): boolean {
  return (
    usernames.includes(name) ||
    groups.includes(name) ||
    uids.includes(name) ||
    extraPrefixes.some((prefix) => name.startsWith(prefix))
  );
}

/** The value of the first of several headers that has one; `''` if none has. */
export function firstValue(headers: RequestHeaders, names: readonly string[]): string {
  for (const name of names) {
    const value = headers.first(name);
    if (value !== undefined && value !== '') return asText(value);
  }
  return '';
}

/** All values of several headers, each for itself: a group may have a comma in its name. */
export function allValues(headers: RequestHeaders, names: readonly string[]): string[] {
  return names.flatMap((name) =>
    headers
      .all(name)
      .filter((value) => value !== '')
      .map(asText),
  );
}

/** The extra attributes by key; the proxy escapes what cannot stand in the name of a header. */
export function extraOf(headers: RequestHeaders, prefixes: readonly string[]): Record<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const prefix of prefixes) {
    headers.forEach((name, value) => {
      if (!name.startsWith(prefix)) return;
      const key = unescaped(name.slice(prefix.length));
      extra.set(key, [...(extra.get(key) ?? []), asText(value)]);
    });
  }
  return Object.fromEntries(extra);
}

/** As `unescapeExtraKey` of k8s.io/apiserver: what is not escaped properly stays as it is. */
function unescaped(key: string): string {
  if (!key.includes('%')) return key;
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Node gives the bytes of a header as Latin-1; Kubernetes sends UTF-8. */
function asText(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}
