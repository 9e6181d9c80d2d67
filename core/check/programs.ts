import { messageOf, NotSupportedError, UsageError } from '../errors';
import type { Inventory } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import type { DeclaredProgram } from '../model';
import { isKnownProgram, programFor, type Program } from '../workloads';

/** What a container runs, as far as its image and its arguments tell. */
type ProgramLookup =
  | { readonly state: 'known'; readonly program: Program }
  | { readonly state: 'unknown-image' }
  /** The program is known, but not what its arguments or its configuration make it do. */
  | { readonly state: 'unreadable'; readonly reason: string; readonly notUnderstood: boolean };

/** What containers run: the programs of the catalogue, and those that a scenario declares. */
export class Programs {
  private readonly found = new Map<Container, ProgramLookup>();

  /** @param declared of a scenario; without one, images that nobody declares may export anything */
  constructor(
    private readonly inventory: Inventory,
    private readonly declared: readonly DeclaredProgram[] | undefined,
  ) {}

  /** The program, if it and what it does are known. */
  of(workload: Workload, container: Container): Program | undefined {
    const lookup = this.look(workload, container);
    return lookup.state === 'known' ? lookup.program : undefined;
  }

  /**
   * Whether it is known which series a program exports, all of them. A scenario says all that counts: a rehearsal of
   * it gives a program of the catalogue no other series either.
   */
  knowsExportsOf(program: Program): boolean {
    return (program.exports !== undefined && !program.exportsMore) || this.declared !== undefined;
  }

  look(workload: Workload, container: Container): ProgramLookup {
    let lookup = this.found.get(container);
    if (!lookup) {
      lookup = this.read(workload, container);
      this.found.set(container, lookup);
    }
    return lookup;
  }

  private read(workload: Workload, container: Container): ProgramLookup {
    const { inventory, declared = [] } = this;
    if (!isKnownProgram(container, declared)) return { state: 'unknown-image' };
    try {
      return { state: 'known', program: programFor({ workload, container, inventory }, declared) };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return {
        state: 'unreadable',
        reason: messageOf(error),
        notUnderstood: error instanceof NotSupportedError,
      };
    }
  }
}
