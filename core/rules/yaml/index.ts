export { Decoder, type Place, type Shape } from './decoder';
export { YamlError } from './mark';
export { type YamlNode } from './node';
export { parseYaml } from './parser';
export { type Form } from './form';
export {
  choice,
  described,
  list,
  oneOrMany,
  optional,
  optionalBoolean,
  parsed,
  record,
  string,
  struct,
  whole,
} from './shapes';
