import { type ApiStatus, type StatusDetails } from './api-status';
import { jsonString } from './json-text';

const INTERNAL = 'Internal error occurred: ';

/**
 * `metav1.Status` of a failure as compact JSON. A failure of the planner that is internal gets the details that
 * `errors.NewInternalError` gives: its message again, as the cause.
 */
export function encodeStatus({ code, reason, message, details }: ApiStatus): string {
  const cause = reason === 'InternalError' && message.startsWith(INTERNAL);
  const shown = details ?? (cause ? { causes: [{ message: message.slice(INTERNAL.length) }] } : undefined);
  return (
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure"' +
    member('message', message) +
    member('reason', reason) +
    (shown ? `,"details":${encodeDetails(shown)}` : '') +
    `,"code":${code}}`
  );
}

function encodeDetails({ name, group, kind, causes = [], retryAfterSeconds = 0 }: StatusDetails): string {
  const list = causes.map((cause) =>
    braced(member('reason', cause.reason), member('message', cause.message), member('field', cause.field)),
  );
  return braced(
    member('name', name),
    member('group', group),
    member('kind', kind),
    list.length > 0 ? `,"causes":[${list.join(',')}]` : '',
    retryAfterSeconds > 0 ? `,"retryAfterSeconds":${retryAfterSeconds}` : '',
  );
}

/** With a comma in front, or nothing for what Go leaves out. */
function member(name: string, value = ''): string {
  return value === '' ? '' : `,"${name}":${jsonString(value)}`;
}

function braced(...members: readonly string[]): string {
  return `{${members.join('').slice(1)}}`;
}
