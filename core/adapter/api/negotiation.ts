import { type ApiStatus } from './api-status';
import { notAcceptable } from './statuses';

/** The only type that there is; upstream has YAML and protobuf too, which no client of metrics insists on. */
export const JSON_TYPE = 'application/json';

/** A transformation of the answer that a client asks for along with the type: `;as=Table;v=v1;g=meta.k8s.io`. */
export interface Transform {
  readonly as: string;
  readonly group: string;
  readonly version: string;
}

export type Negotiated =
  { readonly pretty: boolean; readonly transform?: Transform | undefined } | { readonly refused: ApiStatus };

interface Clause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Finds what to answer with: the first clause of the header, by quality and exactness, that JSON and the endpoint meet
 * (`negotiation.NegotiateMediaTypeOptions`).
 * @param accept the header; nothing takes anything
 * @param allows which transformations the endpoint has
 */
export function negotiate(accept: string | undefined, allows: (transform: Transform) => boolean): Negotiated {
  if (accept === undefined || accept === '') return { pretty: false };
  for (const clause of parseAccept(accept)) {
    if (!takesJson(clause)) continue;
    const { params } = clause;
    const stream = params.get('stream') ?? '';
    const serverVersion = params.get('sv') ?? '';
    if ((stream !== '' && stream !== 'watch') || (serverVersion !== '' && serverVersion !== 'v1')) continue;
    const transform = transformOf(params);
    if (transform && !allows(transform)) continue;
    return { pretty: params.get('pretty') === '1', transform };
  }
  return { refused: notAcceptable([JSON_TYPE]) };
}

/** An endpoint without transformations. */
export function noTransform(): boolean {
  return false;
}

/** An endpoint that answers the same, whatever it is to be turned into: OpenAPI, the version. */
export function anyTransform(): boolean {
  return true;
}

/** Tables, as `kubectl get` asks for them. */
export function tableTransform({ as, group, version }: Transform): boolean {
  return as === 'Table' && group === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1');
}

/** Discovery in one document, as aggregators and kubectl ask for it. */
export function discoveryTransform({ as, group, version }: Transform): boolean {
  const known = version === 'v2' || version === 'v2beta1';
  return as === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && known;
}

const PEOPLE = ['curl', 'Wget', 'Mozilla/5.0'];

/**
 * Whether the answer is for people to read (`isPrettyPrint`).
 * @param parameter of the query
 * @param negotiated what the Accept header says
 */
export function wantsPretty(
  parameter: boolean | undefined,
  negotiated: boolean,
  userAgent: string | undefined,
): boolean {
  return negotiated || (parameter ?? PEOPLE.some((start) => userAgent?.startsWith(start)));
}

function takesJson({ type, subtype }: Clause): boolean {
  return (
    (type === 'application' && (subtype === 'json' || subtype === '*')) || (type === '*' && subtype === '*')
  );
}

function transformOf(params: ReadonlyMap<string, string>): Transform | undefined {
  const [as, group, version] = ['as', 'g', 'v'].map((name) => params.get(name));
  if (as === undefined && group === undefined && version === undefined) return undefined;
  return { as: as ?? '', group: group ?? '', version: version ?? '' };
}

/** `goautoneg.ParseAccept`: what is no clause is left out; the best quality first, then the most exact type. */
function parseAccept(header: string): Clause[] {
  const clauses = header.split(',').flatMap((part): Clause[] => {
    const [range = '', ...texts] = part.split(';');
    const [type = '', subtype = type.trim() === '*' ? '*' : '', ...more] = range.split('/').map(trimmed);
    if (subtype === '' || more.length > 0) return [];
    const params = new Map<string, string>();
    for (const text of texts) {
      const [name, value, ...others] = text.split('=');
      if (name !== undefined && value !== undefined && value !== '' && others.length === 0) {
        params.set(name.trim(), value.trim());
      }
    }
    const quality = Number(params.get('q') ?? 1);
    return [{ type, subtype, params, quality: Number.isNaN(quality) ? 0 : quality }];
  });
  return clauses.sort((a, b) => b.quality - a.quality || exactness(b) - exactness(a));
}

function exactness({ type, subtype }: Clause): number {
  return (type === '*' ? 0 : 1) + (subtype === '*' ? 0 : 1);
}

function trimmed(text: string): string {
  return text.trim();
}
