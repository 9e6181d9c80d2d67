import { NotSupportedError } from '../../errors';
import { quoteMeta } from '../../kube/go-regexp';
import { type Matcher } from '../../promql';
import { Automaton, type StateSet } from './automaton';
import { charOf, representatives } from './char-set';
import { parseRegexp } from './regexp-parser';

/** One condition on the name of a series. */
export interface NameCondition {
  readonly regexp: string;
  /** Whether the whole name must match, as in a selector, or a part of it is enough, as in the adapter's filters. */
  readonly anchored: boolean;
  /** `false` for names that must not match. */
  readonly wanted: boolean;
}

/**
 * Whether any name satisfies conditions: one of the shortest that does, none, or not known because an expression holds
 * something rare or the search takes too long.
 */
export type NameSearch =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided' };

/** What reads like a name somebody gave, what most names of metrics look like, and what all of them do. */
const READABLE_NAME: NameCondition = { regexp: '[a-z]+(_[a-z0-9]+)*', anchored: true, wanted: true };
const USUAL_NAME: NameCondition = { regexp: '[a-zA-Z_:][a-zA-Z0-9_:]*', anchored: true, wanted: true };
const ANY_NAME: NameCondition = { regexp: '.+', anchored: true, wanted: true };

/** Combinations of states after which the search is given up. */
const MOST_VISITED = 20_000;

/** The condition that a matcher of a selector makes. */
export function conditionOf({ operator, value }: Matcher): NameCondition {
  const isRegexp = operator === '=~' || operator === '!~';
  const wanted = operator === '=' || operator === '=~';
  return { regexp: isRegexp ? value : quoteMeta(value), anchored: true, wanted };
}

/** The condition that a name is exactly this. */
export function isName(name: string): NameCondition {
  return { regexp: quoteMeta(name), anchored: true, wanted: true };
}

/** Looks for a name that satisfies all conditions. */
export function findName(conditions: readonly NameCondition[]): NameSearch {
  try {
    const listed = listedBy(conditions);
    if (listed) return firstOf(listed, conditions);
    for (const kind of [READABLE_NAME, USUAL_NAME]) {
      const found = search([...conditions, kind]);
      if (found.kind !== 'none') return found;
    }
    return search([...conditions, ANY_NAME]);
  } catch (error) {
    if (error instanceof NotSupportedError) return { kind: 'undecided' };
    throw error;
  }
}

/** An expression that is nothing but names between bars, as they are or quoted. */
const NAMES = /^(?:\w|:|\\[^A-Za-z0-9])+(?:\|(?:\w|:|\\[^A-Za-z0-9])+)*$/;

/** The names that a condition lists, the shortest first: then no others need be looked for. */
function listedBy(conditions: readonly NameCondition[]): readonly string[] | undefined {
  const list = conditions.find(({ regexp, anchored, wanted }) => anchored && wanted && NAMES.test(regexp));
  const names = list?.regexp.match(/(?:\\.|[^|\\])+/g)?.map((name) => name.replace(/\\(.)/g, '$1'));
  return names?.sort((a, b) => a.length - b.length);
}

function firstOf(names: readonly string[], conditions: readonly NameCondition[]): NameSearch {
  const requirements = requirementsOf(conditions);
  const name = names.find((one) =>
    requirements.every(({ automaton, wanted }) => automaton.matches(one) === wanted),
  );
  return name === undefined ? { kind: 'none' } : { kind: 'found', name };
}

/** Automata by their expressions: rules share most of them, and are compared pair by pair. */
const built = new Map<string, Automaton>();
/** How many automata are kept. */
const MOST_KEPT = 1000;

function automatonOf({ regexp, anchored }: NameCondition): Automaton {
  const key = `${anchored ? 'whole' : 'part'} ${regexp}`;
  let automaton = built.get(key);
  if (!automaton) {
    automaton = new Automaton(parseRegexp(regexp).node, anchored);
    if (built.size >= MOST_KEPT) built.clear();
    built.set(key, automaton);
  }
  return automaton;
}

interface Requirement {
  readonly automaton: Automaton;
  readonly wanted: boolean;
}

interface Visited {
  readonly name: string;
  readonly states: readonly StateSet[];
}

/** Breadth first through the product of the automata: the first name found is one of the shortest. */
function search(conditions: readonly NameCondition[]): NameSearch {
  const requirements = requirementsOf(conditions);
  const symbols = representatives(requirements.flatMap(({ automaton }) => automaton.sets));
  const queue: Visited[] = [{ name: '', states: requirements.map(({ automaton }) => automaton.initial()) }];
  const seen = new Set(queue.map(keyOf));
  for (const visited of queue) {
    if (satisfied(requirements, visited)) return { kind: 'found', name: visited.name };
    for (const symbol of symbols) {
      const states = requirements.map(({ automaton }, index) =>
        automaton.next(visited.states[index] ?? [], symbol),
      );
      const next = { name: visited.name + charOf(symbol), states };
      if (seen.has(keyOf(next)) || isLost(requirements, next)) continue;
      if (seen.size >= MOST_VISITED) return { kind: 'undecided' };
      seen.add(keyOf(next));
      queue.push(next);
    }
  }
  return { kind: 'none' };
}

function requirementsOf(conditions: readonly NameCondition[]): Requirement[] {
  return conditions.map((condition) => ({ automaton: automatonOf(condition), wanted: condition.wanted }));
}

function satisfied(requirements: readonly Requirement[], { states }: Visited): boolean {
  return requirements.every(
    ({ automaton, wanted }, index) => automaton.accepts(states[index] ?? []) === wanted,
  );
}

/** Whether a wanted expression has no state left, so that no longer name can match it either. */
function isLost(requirements: readonly Requirement[], { states }: Visited): boolean {
  return requirements.some(({ wanted }, index) => wanted && states[index]?.length === 0);
}

function keyOf({ states }: Visited): string {
  return states.map((set) => set.join(',')).join(';');
}
