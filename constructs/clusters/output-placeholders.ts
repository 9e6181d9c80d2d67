import * as pulumi from '@pulumi/pulumi';

/** A value of a manifest, in which Outputs may stand. */
export type Resolved = pulumi.Input<unknown>;

const PLACEHOLDER = /known-later-\d+\.plimsoll\.invalid/g;

/**
 * The one way by which what is known only while Pulumi runs (an image's digest, the name of a registry) gets into
 * manifests: the stack is described with a placeholder, an ordinary string, and once it is synthesized each string that
 * holds one becomes an Output. All around it stays plain, so that a preview shows the objects and not one unknown value.
 *
 * cdk8s resolves synchronously, so that an Output itself cannot stand in its props. The top-level domain `invalid` never
 * resolves (RFC 6761): a placeholder that was forgotten does no harm.
 */
export class OutputPlaceholders {
  private readonly outputs = new Map<string, pulumi.Output<string>>();

  /** A string to describe the stack with; it is good for the host of a registry, too. */
  standFor(output: pulumi.Output<string>): string {
    const text = `known-later-${this.outputs.size + 1}.plimsoll.invalid`;
    this.outputs.set(text, output);
    return text;
  }

  /** The same value with an Output in place of each string that holds placeholders. */
  resolve(value: unknown): Resolved {
    if (typeof value === 'string') return this.resolveText(value);
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item)]));
  }

  private resolveText(text: string): pulumi.Input<string> {
    const found = text.match(PLACEHOLDER)?.filter((placeholder) => this.outputs.has(placeholder)) ?? [];
    if (found.length === 0) return text;
    const outputs = found.map((placeholder) => this.outputs.get(placeholder) ?? placeholder);
    return pulumi
      .all(outputs)
      .apply((values) =>
        found.reduce(
          (done, placeholder, index) => done.replace(placeholder, () => values[index] ?? placeholder),
          text,
        ),
      );
  }
}
