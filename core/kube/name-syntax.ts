const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${LABEL_KEY})?`;
const SYNTAX = {
  dnsLabel: new RegExp(`^${DNS_LABEL}$`),
  dnsSubdomain: new RegExp(`^${DNS_SUBDOMAIN}$`),
  labelKey: new RegExp(`^${LABEL_KEY}$`),
  labelValue: new RegExp(`^${LABEL_VALUE}$`),
};

const MAX_SUBDOMAIN_BYTES = 253;
const MAX_LABEL_BYTES = 63;

/** Before this minor version a label key was called a qualified name, and bytes were called characters. */
const EXACT_WORDS_SINCE = 35;

/** What a message counts; Go always counts bytes of UTF-8. */
type Unit = 'bytes' | 'characters';

/**
 * What is wrong with the key of a label, in the words of `content.IsLabelKey` of `k8s.io/apimachinery`.
 * @param minor of the Kubernetes version whose words these are
 */
export function labelKeyProblems(key: string, minor: number): string[] {
  const parts = key.split('/');
  const [name = ''] = parts.slice(-1);
  const syntax =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
    `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${LABEL_KEY}')`;
  if (parts.length > 2) {
    const what = minor >= EXACT_WORDS_SINCE ? 'a valid label key' : 'a qualified name';
    return [`${what} ${syntax} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const prefix = parts.length === 2 ? parts[0] : undefined;
  return [
    ...(prefix === undefined ? [] : prefixProblems(prefix, minor)),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...tooLong(name, MAX_LABEL_BYTES, unitOf(minor)).map((problem) => `name part ${problem}`),
    ...(SYNTAX.labelKey.test(name) ? [] : [`name part ${syntax}`]),
  ];
}

function prefixProblems(prefix: string, minor: number): string[] {
  const problems = prefix === '' ? ['must be non-empty'] : subdomainProblems(prefix, unitOf(minor));
  return problems.map((problem) => `prefix part ${problem}`);
}

/** What is wrong with the value of a label (`content.IsLabelValue`). */
export function labelValueProblems(value: string, minor: number): string[] {
  return [
    ...tooLong(value, MAX_LABEL_BYTES, unitOf(minor)),
    ...(SYNTAX.labelValue.test(value)
      ? []
      : [
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must " +
            "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', " +
            `regex used for validation is '${LABEL_VALUE}')`,
        ]),
  ];
}

/** What is wrong with a name that must be a label of the DNS (`validation.IsDNS1123Label`). */
export function dnsLabelProblems(name: string): string[] {
  const problems = tooLong(name, MAX_LABEL_BYTES, 'characters');
  if (SYNTAX.dnsLabel.test(name)) return problems;
  if (SYNTAX.dnsSubdomain.test(name)) return [...problems, 'must not contain dots'];
  return [
    ...problems,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
      `with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${DNS_LABEL}')`,
  ];
}

/** What is wrong with a name that must be a subdomain of the DNS (`validation.IsDNS1123Subdomain`). */
export function dnsSubdomainProblems(name: string): string[] {
  return subdomainProblems(name, 'characters');
}

function subdomainProblems(name: string, unit: Unit): string[] {
  return [
    ...tooLong(name, MAX_SUBDOMAIN_BYTES, unit),
    ...(SYNTAX.dnsSubdomain.test(name)
      ? []
      : [
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must " +
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
            `'${DNS_SUBDOMAIN}')`,
        ]),
  ];
}

/** What is wrong with a name that becomes part of a path on the API server (`content.IsPathSegmentName`). */
export function pathSegmentProblems(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%']
    .filter((illegal) => name.includes(illegal))
    .map((illegal) => `may not contain '${illegal}'`);
}

function tooLong(text: string, most: number, unit: Unit): string[] {
  // A UTF-16 unit makes three bytes at most.
  const long = text.length * 3 > most && new TextEncoder().encode(text).length > most;
  return long ? [`must be no more than ${most} ${unit}`] : [];
}

function unitOf(minor: number): Unit {
  return minor >= EXACT_WORDS_SINCE ? 'bytes' : 'characters';
}
