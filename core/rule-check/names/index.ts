/** Which names of series satisfy conditions written as regular expressions: decided, not guessed. */
export { conditionOf, findName, isName, type NameCondition, type NameSearch } from './name-search';
export { parseRegexp } from './regexp-parser';
