import { UsageError } from '../../../core/errors';

/** Parameters of a request; a name may come several times. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** Longest URL that every proxy takes: nginx and Envoy stop at 8 KiB, which has to do for the other headers too. */
const URL_BYTES = 8_000;

/** Where a request goes, and what with. */
export interface Target {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** A form. */
  readonly body?: string;
}

/** The base URL of a source. */
export class Endpoint {
  /** Without user information. */
  readonly url: URL;
  /** As in `http://name:password@host`, decoded. */
  readonly user: { readonly username: string; readonly password: string } | undefined;

  /** @throws UsageError for what is not a URL of http or https; the URL is not shown, since it may have a password in it */
  constructor(text: string, what: string) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new UsageError(
        `${what}: its URL must begin with http:// or https://, like http://prometheus.monitoring:9090`,
      );
    }
    this.user =
      url.username === '' && url.password === ''
        ? undefined
        : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    url.username = '';
    url.password = '';
    url.hash = '';
    this.url = url;
  }

  /**
   * A request for a path below the base URL. What the base URL asks for stays on the URL of each.
   * @param verb POST sends a form; a GET whose URL would be too long for a proxy on the way becomes one
   * @param onlyGet for paths that know no POST
   */
  target(verb: 'GET' | 'POST', path: string, parameters: Parameters, onlyGet = false): Target {
    const form = formOf(parameters);
    // In a URL a plus is a blank for some and a plus for others, of whom one is the signature of AWS.
    const query = form.replaceAll('+', '%20');
    const url = new URL(this.url);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
    if (verb === 'POST' && !onlyGet) return { method: 'POST', url, body: form };
    const own = url.search === '' ? '?' : `${url.search}&`;
    const long = url.href.length + own.length + query.length > URL_BYTES;
    if (long && !onlyGet) return { method: 'POST', url, body: form };
    url.search = `${own}${query}`;
    return { method: 'GET', url };
  }
}

/** `application/x-www-form-urlencoded`. */
export function formOf(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of parameters) form.append(name, value);
  return form.toString();
}

/**
 * A label in a path. Names that Prometheus knew before its version 3 stay; others are escaped as its `U__` does
 * (`EscapeName` of `prometheus/common`), since a slash would be another path.
 */
export function labelPath(label: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && !label.startsWith('U__'))
    return `/api/v1/label/${label}/values`;
  const escaped = Array.from(label, (character, index) => {
    if (character === '_') return '__';
    const plain = index === 0 ? /[a-zA-Z:]/ : /[a-zA-Z0-9:]/;
    return plain.test(character) ? character : `_${(character.codePointAt(0) ?? 0).toString(16)}_`;
  });
  return `/api/v1/label/U__${escaped.join('')}/values`;
}
