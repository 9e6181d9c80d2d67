import { type Json } from '../shrink';
import { name, ODD_NAMES } from './names';
import { type Writer } from './writer';

/** Without a group, with more than one slash, or hard to print. */
const ODD_API_VERSIONS = [
  ...['', 'v1', 'apps', '/', '//', '/v1', 'a/'],
  ...['apps/v1/', 'a/b/c', 'a/b/c%s', 'é/v1', '"/"'],
];

/** A reference to an object of one of these kinds. */
export function reference(writer: Writer, apiVersions: readonly string[], kinds: readonly string[]): Json {
  return writer.object({
    apiVersion: writer.oneOf(apiVersions, ODD_API_VERSIONS),
    kind: writer.oneOf(kinds, [...ODD_NAMES, 'ReplicationController']),
    name: name(writer),
  });
}
