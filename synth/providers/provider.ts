import type { Stack, StackImage, StackObjects } from '../../core/model';
import type { GeneratedFile } from '../generated-file';
import { command, quote, type FunctionLibrary } from '../shell';

/** An image that the installation builds. */
export type BuiltImage = StackImage & { readonly build: string };

/** What the files of a stack hold for one kind of cluster, where it differs from the others. Lines are bash. */
export interface Provider {
  /** Files for this kind of cluster alone, by their path below the stack's folder. */
  readonly files: readonly (readonly [path: string, file: GeneratedFile])[];
  /** The kubectl context of the cluster; undefined for the one that is current when a script runs. */
  readonly context: string | undefined;
  readonly install: {
    /** What `install.sh` says of itself, besides what each does; sentences. */
    readonly about: readonly string[];
    /** Functions of its lines, besides those that every `install.sh` has. */
    readonly functions: FunctionLibrary;
    /** Lines before the first step, such as those that read the arguments. */
    readonly start: readonly string[];
    /** Lines that refuse tools that are missing or too old. */
    readonly tools: readonly string[];
    /** What must hold of an image before it is built. */
    readonly imageCheck: (image: BuiltImage) => readonly string[];
    /** From making or looking at the cluster to where something may be applied to it. */
    readonly cluster: readonly string[];
    /** Builds an image and brings it to where the nodes find it. */
    readonly image: (image: BuiltImage) => string;
    /** The function that installs a Helm release. */
    readonly release: string;
  };
  /** `uninstall.sh`. */
  readonly uninstall: string;
}

/** What a provider is made from. */
export interface ProviderInput {
  readonly stack: Stack;
  readonly objects: StackObjects;
}

/** `kubectl` of the stack's cluster, in a script that begins with the lines of {@link findContext}. */
export function kubectlIn({ context }: Pick<Provider, 'context'>): string {
  return `kubectl --context ${context === undefined ? '"$CONTEXT"' : quote(context)}`;
}

/** The variable CONTEXT, where the context is known beforehand. */
export function contextVariable({ context }: Pick<Provider, 'context'>): (readonly [string, string])[] {
  return context === undefined ? [] : [['CONTEXT', quote(context)]];
}

/** Lines that set the variable CONTEXT, where it is not known beforehand. */
export function findContext({ context }: Pick<Provider, 'context'>): string[] {
  return context === undefined ? ['find_context'] : [];
}

/** The images of a stack that its installation builds. */
export function builtImages({ images }: Stack): BuiltImage[] {
  return images.flatMap(({ name, reference, build }) =>
    build === undefined ? [] : [{ name, reference, build }],
  );
}

/** The line that refuses an image whose sources are not there. */
export function dockerfileCheck({ name, reference, build }: BuiltImage): string[] {
  return [command('require_dockerfile', name, reference, build)];
}
