import { type Writer } from './writer';

const NAMES = ['web', 'a', 'queue-length', 'http_requests'];

/** At the edges of the syntaxes that names have, and of the ways to print them. Some are valid somewhere. */
export const ODD_NAMES: readonly string[] = [
  ...['', '.', '..', '-a', 'a-', 'a.b', 'a..b', 'a_b', 'Web', 'é', 'Ä.b', '😀'],
  ...['/', 'a/b', '%', 'a%b', 'a%/b', '"q"', 'a\\b', '<x>&'],
  ...['a\tb', '\b\f', '\u0000', '\u007f', 'a\u2028b'],
  ...[63, 64, 253, 254].map((length) => 'a'.repeat(length)),
  ...['é'.repeat(40), `a.${'b'.repeat(70)}`],
];

/** Names of resources that a container can have. */
const RESOURCES = [
  'cpu',
  'memory',
  'ephemeral-storage',
  'hugepages-2Mi',
  'nvidia.com/gpu',
  'kubernetes.io/x',
];

/** Names of what can be counted or limited elsewhere, which no container can have, and what is the name of none. */
const ODD_RESOURCES: readonly string[] = [
  ...['requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'requests.storage', 'storage'],
  ...['limits.cpu', 'limits.memory', 'limits.ephemeral-storage', 'requests.hugepages-2Mi', 'requests.'],
  ...['pods', 'resourcequotas', 'services', 'services.nodeports', 'services.loadbalancers', 'secrets'],
  ...['replicationcontrollers', 'configmaps', 'persistentvolumeclaims', 'count/pods'],
  ...['requests.foo.com/x', 'requests.kubernetes.io/x', 'x.kubernetes.io/y', 'hugepages-', 'hugepages-<>'],
  ...['', 'foo', 'Foo!', 'cpu ', 'é', '<&>', '/a', 'a/', 'A/b', 'é/é', 'a/b/c'],
  ...[`${'a'.repeat(63)}.com/${'b'.repeat(64)}`, `${'a'.repeat(250)}/b`],
];

/** What stands in place of a word of an enumeration: words of others, and what is hard to print. */
const WRONG_WORDS: readonly string[] = [
  ...['', 'foo', 'max', 'pods', 'resource', 'utilization', 'Max', 'Pods', 'Object', 'Utilization'],
  ...['<>&', 'a"b', 'é', '\t', '\u2028'],
];

export function name(writer: Writer): string {
  return writer.oneOf(NAMES, ODD_NAMES);
}

/** Odd ones not by mistake alone: there are many, and each version says something else of them. */
export function resourceName(writer: Writer): string {
  return writer.dice.chance(0.15) ? writer.dice.pick(ODD_RESOURCES) : writer.oneOf(RESOURCES, ODD_RESOURCES);
}

/** One of the words of an enumeration. */
export function word(writer: Writer, words: readonly string[]): string {
  return writer.oneOf(words, WRONG_WORDS);
}
