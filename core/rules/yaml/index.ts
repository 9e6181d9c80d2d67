export { Decoder, type Place } from './decoder';
export { YamlError } from './mark';
export { parseYaml } from './parser';
export { choice, list, optional, optionalBoolean, parsed, record, string, struct } from './shapes';
