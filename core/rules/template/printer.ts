import { NotSupportedError } from '../../errors';
import { type GoString } from '../../kube/go-string';
import { checkOutput } from './limits';
import { noFlags, pad, type Flags } from './padding';
import { formatBoolean, formatFloatVerb, formatInteger, formatString } from './scalar-format';
import { type GoByte, GoMap, GoSlice, GoStruct, type GoValue, type MaybeValue, typeName } from './value';

const NIL = '<nil>';

/** Prints values by verbs into one text (fmt `print.go`). */
export class Printer {
  private output = '';
  flags: Flags = noFlags();
  /** Inside the error form of a wrong verb, where methods are not called. */
  private erroring = false;

  get text(): GoString {
    return this.output;
  }

  write(text: GoString): void {
    checkOutput(this.output.length + text.length);
    this.output += text;
  }

  /** An argument of `printf` or `print`. */
  printArgument(argument: MaybeValue, verb: string): void {
    if (argument === undefined) {
      if (verb === 'T' || verb === 'v') this.write(pad(NIL, this.flags));
      else this.badVerb(undefined, verb);
    } else if (verb === 'T') {
      this.write(formatString(typeName(argument), 's', this.flags) ?? '');
    } else if (verb === 'p') {
      this.pointer(argument);
    } else {
      this.printValue(argument, verb);
    }
  }

  /** `%!verb(type=value)` */
  private badVerb(value: MaybeValue, verb: string): void {
    this.erroring = true;
    this.write(`%!${verb}(`);
    if (value === undefined) {
      this.write(NIL);
    } else {
      this.write(`${typeName(value)}=`);
      this.printValue(value, 'v');
    }
    this.write(')');
    this.erroring = false;
  }

  private pointer(argument: GoValue): void {
    if (argument instanceof GoSlice || argument instanceof GoMap) {
      throw new NotSupportedError('%p in a template: an address in memory');
    }
    this.badVerb(argument, 'p');
  }

  private printValue(value: GoValue, verb: string): void {
    if (value instanceof GoStruct) return this.printStruct(value, verb);
    if (value instanceof GoMap) return this.printMap(value, verb);
    if (value instanceof GoSlice) return this.printSlice(value, verb);
    const text = this.scalar(value, verb);
    if (text === undefined) this.badVerb(value, verb);
    else this.write(text);
  }

  private scalar(value: string | boolean | bigint | number | GoByte, verb: string): GoString | undefined {
    switch (typeof value) {
      case 'string':
        return formatString(value, verb, this.flags);
      case 'boolean':
        return formatBoolean(value, verb, this.flags);
      case 'bigint':
        return formatInteger(value, true, verb, this.flags);
      case 'number':
        return formatFloatVerb(value, verb, this.flags);
      default:
        return formatInteger(BigInt(value.value), false, verb, this.flags);
    }
  }

  private printStruct(struct: GoStruct, verb: string): void {
    const { type, fields } = struct;
    if (this.refused(struct, verb)) return;
    if (!this.erroring && type.text && !this.flags.sharpV && 'vsxXq'.includes(verb)) {
      this.write(formatString(type.text(struct), verb, this.flags) ?? '');
      return;
    }
    const named = this.flags.plusV || this.flags.sharpV;
    if (this.flags.sharpV) this.write(type.name);
    this.sequence('{', '}', fields, ([name, value]) => {
      if (named) this.write(`${name}:`);
      this.printValue(value, verb);
    });
  }

  private printMap(map: GoMap, verb: string): void {
    if (this.refused(map, verb)) return;
    const [open, close] = this.flags.sharpV ? [`${typeName(map)}{`, '}'] : ['map[', ']'];
    this.sequence(open, close, map.sorted, ([key, value]) => {
      this.printValue(key, verb);
      this.write(':');
      this.printValue(value, verb);
    });
  }

  private printSlice(slice: GoSlice, verb: string): void {
    if (this.refused(slice, verb)) return;
    const [open, close] = this.flags.sharpV ? [`${typeName(slice)}{`, '}'] : ['[', ']'];
    this.sequence(open, close, slice.items, (item) => this.printValue(item, verb));
  }

  /** `%w` is for errors alone. */
  private refused(value: GoValue, verb: string): boolean {
    if (verb !== 'w' || this.erroring) return false;
    this.badVerb(value, verb);
    return true;
  }

  private sequence<Element>(
    open: string,
    close: string,
    elements: readonly Element[],
    print: (element: Element) => void,
  ): void {
    this.write(open);
    elements.forEach((element, index) => {
      if (index > 0) this.write(this.flags.sharpV ? ', ' : ' ');
      print(element);
    });
    this.write(close);
  }
}
