import { type FieldRequirement, type FieldSelector } from './routed';

/** A condition on any field, as `fields.ParseSelector` of `k8s.io/apimachinery` reads it. */
export interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

const ESCAPE = '\\';
const KNOWN = ['metadata.name', 'metadata.namespace'] as const;

/** Reads a field selector; the error is upstream's text. */
export function parseFieldSelector(
  text: string,
): { readonly terms: readonly FieldTerm[] } | { readonly error: string } {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text).sort()) {
    if (part === '') continue;
    const at = part.search(/!?=/);
    if (at < 0) return { error: `invalid selector: '${text}'; can't understand '${part}'` };
    const negated = part.charAt(at) === '!';
    const escaped = part.slice(at + (negated || part.startsWith('==', at) ? 2 : 1));
    const value = unescapeValue(escaped);
    if (typeof value !== 'string') return value;
    terms.push({ field: part.slice(0, at), operator: negated ? '!=' : '=', value });
  }
  return { terms };
}

/** The only name that the terms allow, if they say one. */
export function exactName(terms: readonly FieldTerm[]): string | undefined {
  return terms.find(({ field, operator }) => field === 'metadata.name' && operator === '=')?.value;
}

/** The terms as conditions on what every object has; the error is upstream's text. */
export function objectFields(terms: readonly FieldTerm[]): FieldSelector | { readonly error: string } {
  const requirements: FieldRequirement[] = [];
  for (const { field, operator, value } of terms) {
    const known = KNOWN.find((name) => name === field);
    if (!known) {
      const quoted = JSON.stringify(field);
      return {
        error: `${quoted} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      };
    }
    requirements.push({ field: known, operator, value });
  }
  return requirements;
}

/** Whether an object with that name and namespace (`''` outside namespaces) is selected. */
export function fieldsMatch(selector: FieldSelector, name: string, namespace: string): boolean {
  return selector.every(({ field, operator, value }) => {
    const actual = field === 'metadata.name' ? name : namespace;
    return (actual === value) === (operator === '=');
  });
}

/** At commas that no backslash stands before. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  let escaped = false;
  for (const character of text) {
    if (character === ',' && !escaped) {
      terms.push(term);
      term = '';
      continue;
    }
    escaped = character === ESCAPE && !escaped;
    term += character;
  }
  return [...terms, term];
}

function unescapeValue(text: string): string | { readonly error: string } {
  let value = '';
  let escaped = false;
  for (const character of text) {
    const special = character === ESCAPE || character === ',' || character === '=';
    if (escaped && !special) {
      return { error: `invalid field selector: invalid escape sequence: ${ESCAPE}${character}` };
    }
    if (!escaped && special && character !== ESCAPE) {
      return {
        error: `invalid field selector: unescaped character in value: ${character.codePointAt(0) ?? 0}`,
      };
    }
    if (!escaped && character === ESCAPE) {
      escaped = true;
      continue;
    }
    escaped = false;
    value += character;
  }
  return escaped ? { error: `invalid field selector: invalid escape sequence: ${ESCAPE}` } : value;
}
