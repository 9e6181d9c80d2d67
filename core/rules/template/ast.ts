/** A parsed template: text to copy and actions to evaluate, in order. */
export type TemplateNode = TextNode | ActionNode;

interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** `<<expression>>` */
interface ActionNode {
  readonly kind: 'action';
  readonly expression: Expression;
}

export type Expression = FieldExpression | StringExpression | IndexExpression;

/** `.Series`, `.LabelValuesByName.namespace` */
interface FieldExpression {
  readonly kind: 'field';
  readonly path: readonly string[];
}

/** `"namespace"`, or the same between back quotes */
interface StringExpression {
  readonly kind: 'string';
  readonly value: string;
}

/** `index .LabelValuesByName "namespace"` */
interface IndexExpression {
  readonly kind: 'index';
  readonly target: Expression;
  readonly keys: readonly Expression[];
}
