import { type Mark } from './mark';

/** A value of a YAML document. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping | YamlAlias;

interface At {
  readonly start: Mark;
}

export interface YamlScalar extends At {
  readonly kind: 'scalar';
  readonly value: string;
  /** In full, e.g. `tag:yaml.org,2002:int`; `''` if there is none. */
  readonly tag: string;
  /** Whether it is what it looks like: without quotes and tag, or with the tag `!`. */
  readonly implicit: boolean;
}

export interface YamlSequence extends At {
  readonly kind: 'sequence';
  readonly items: YamlNode[];
}

export interface YamlMapping extends At {
  readonly kind: 'mapping';
  /** In the order of the text; keys may repeat. */
  readonly entries: (readonly [key: YamlNode, value: YamlNode])[];
}

export interface YamlAlias extends At {
  readonly kind: 'alias';
  readonly anchor: string;
  readonly target: YamlNode;
}
