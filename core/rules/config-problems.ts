import { didYouMean } from '../did-you-mean';
import { type AdapterConfig } from './config';
import { type RuleSettings } from './rule-settings';
import { type SourceSettings } from './sources';

/** What is wrong with fields of a file that are right each by itself. */
export interface ConfigProblem {
  /** The way to the field, such as `['plimsoll', 'sources', 'mimir', 'url']`. */
  readonly path: readonly (string | number)[];
  /** What is wrong and what to change, to follow the path. */
  readonly message: string;
}

/** Every problem of a file that takes more than one field to see, sources first, in the order of the file. */
export function* configProblems(config: AdapterConfig): Generator<ConfigProblem> {
  for (const source of config.sources.values()) {
    const path = ['plimsoll', 'sources', source.name];
    for (const { field, message } of sourceProblems(source)) yield { path: [...path, ...field], message };
  }
  for (const list of ['rules', 'externalRules'] as const) {
    for (const [index, { settings }] of config[list].entries()) {
      yield* settingsProblems(config, settings, [list, index]);
    }
  }
  if (config.resourceRules) {
    yield* settingsProblems(config, config.resourceRules.settings, ['resourceRules']);
  }
}

/** A setting is where the rule has it, or else in the section of the file. */
function* settingsProblems(
  { places, sources }: AdapterConfig,
  { source, maxAgeMs }: RuleSettings,
  rule: readonly (string | number)[],
): Generator<ConfigProblem> {
  const at = (field: string): readonly (string | number)[] => {
    const own = [...rule, 'plimsoll', field];
    return places.has(pathText(own)) ? own : ['plimsoll', field];
  };
  if (source !== '' && !sources.has(source)) {
    const names = [...sources.keys()];
    const known = names.length === 0 ? 'has none' : `has ${names.join(', ')}`;
    const message = `there is no source "${source}": plimsoll.sources ${known}${didYouMean(source, names)}`;
    yield { path: at('source'), message };
  }
  if (maxAgeMs === 0) yield { path: at('maxAge'), message: 'must be more than 0s' };
}

interface FieldProblem {
  readonly field: readonly string[];
  readonly message: string;
}

const SOURCE_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that the client of a source makes itself. */
const OWN_HEADERS = new Set(['connection', 'content-length', 'content-type', 'host', 'transfer-encoding']);

function* sourceProblems(source: SourceSettings): Generator<FieldProblem> {
  const { name, url, tls } = source;
  if (!SOURCE_NAME.test(name)) {
    yield {
      field: [],
      message:
        'the name of a source has letters, digits, - _ and . and begins and ends with a letter or digit',
    };
  }
  if (url === '') yield { field: ['url'], message: 'must be given: write http://HOST:PORT/PATH' };
  yield* missingParts(source);
  if ((tls.certFile ?? '') !== '' && !tls.keyFile) {
    yield { field: ['tls', 'certFile'], message: 'needs keyFile, the private key of the certificate' };
  }
  if ((tls.keyFile ?? '') !== '' && !tls.certFile) {
    yield { field: ['tls', 'keyFile'], message: 'needs certFile, the certificate of the key' };
  }
  if (/^http:/i.test(url) && Object.values(tls).some((value) => value !== undefined)) {
    yield { field: ['tls'], message: `means nothing for ${url}: write https in url, or leave tls out` };
  }
  yield* authenticationProblems(source);
}

function* missingParts(source: SourceSettings): Generator<FieldProblem> {
  const { basic, oauth2, sigv4, bearerTokenFile, tenant } = source;
  yield* missingIn('basic', basic, ['username', 'passwordFile']);
  yield* missingIn('oauth2', oauth2, ['tokenUrl', 'clientId', 'clientSecretFile']);
  yield* missingIn('sigv4', sigv4, ['region']);
  if (bearerTokenFile === '') yield { field: ['bearerTokenFile'], message: 'must not be empty' };
  if (tenant === '') yield { field: ['tenant'], message: 'must not be empty' };
}

function* missingIn<Field extends string>(
  section: string,
  given: Readonly<Record<Field, unknown>> | undefined,
  fields: readonly Field[],
): Generator<FieldProblem> {
  for (const field of fields) {
    if (given?.[field] === '') yield { field: [section, field], message: 'must be given' };
  }
}

const WAYS = ['bearerTokenFile', 'basic', 'oauth2', 'sigv4'] as const;

function* authenticationProblems(source: SourceSettings): Generator<FieldProblem> {
  const ways: string[] = WAYS.filter((way) => source[way] !== undefined);
  for (const way of ways.slice(1)) {
    const message = `a source authenticates in one way, and has ${ways.join(' and ')}: leave all but one out`;
    yield { field: [way], message };
  }
  for (const name of new Set(source.headers.map(([header]) => header))) {
    const field = ['headers', name];
    const lower = name.toLowerCase();
    if (!HEADER_NAME.test(name)) yield { field, message: 'is not the name of a header' };
    else if (OWN_HEADERS.has(lower)) yield { field, message: 'cannot be set: the adapter sets it itself' };
    else if (lower === 'authorization' && ways.length > 0) {
      const message = `cannot be set together with ${ways.join(' and ')}, which sets it: leave one out`;
      yield { field, message };
    } else if (lower === 'x-scope-orgid' && source.tenant !== undefined) {
      yield { field, message: 'is what tenant sets: leave one out' };
    }
  }
}

/** `rules[0].plimsoll.source` */
export function pathText(path: ConfigProblem['path']): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
