import { type Mark } from './mark';

/** What the scanner makes of a text (libyaml's tokens). */
export type Token = ScalarToken | NamedToken | TagToken | TagDirectiveToken | VersionToken | PlainToken;
export type TokenType = Token['type'];

interface At {
  readonly start: Mark;
  readonly end: Mark;
}

export interface ScalarToken extends At {
  readonly type: 'scalar';
  readonly value: string;
  /** Whether it is written without quotes and in no block. */
  readonly plain: boolean;
}

/** `&name`, `*name` */
export interface NamedToken extends At {
  readonly type: 'anchor' | 'alias';
  readonly value: string;
}

/** `!handle!suffix` */
export interface TagToken extends At {
  readonly type: 'tag';
  readonly handle: string;
  readonly suffix: string;
}

/** `%TAG handle prefix` */
export interface TagDirectiveToken extends At {
  readonly type: 'tagDirective';
  readonly handle: string;
  readonly prefix: string;
}

/** `%YAML major.minor` */
export interface VersionToken extends At {
  readonly type: 'versionDirective';
  readonly version: string;
}

export interface PlainToken extends At {
  readonly type:
    | 'streamStart'
    | 'streamEnd'
    | 'documentStart'
    | 'documentEnd'
    | 'blockSequenceStart'
    | 'blockMappingStart'
    | 'blockEnd'
    | 'flowSequenceStart'
    | 'flowSequenceEnd'
    | 'flowMappingStart'
    | 'flowMappingEnd'
    | 'blockEntry'
    | 'flowEntry'
    | 'key'
    | 'value';
}
