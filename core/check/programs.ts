import { messageOf, UsageError } from '../errors';
import type { Inventory } from '../kube/inventory';
import type { Container, Workload } from '../kube/kinds/pod';
import { programFor, type Program } from '../workloads';

/** A program, or why it is not known what a container runs. */
export type ProgramLookup = { readonly program: Program } | { readonly unknown: string };

/** What containers run, as far as the catalogue of programs knows their images. */
export class Programs {
  private readonly found = new Map<Container, ProgramLookup>();

  constructor(private readonly inventory: Inventory) {}

  of(workload: Workload, container: Container): ProgramLookup {
    let lookup = this.found.get(container);
    if (!lookup) {
      lookup = this.look(workload, container);
      this.found.set(container, lookup);
    }
    return lookup;
  }

  private look(workload: Workload, container: Container): ProgramLookup {
    try {
      return { program: programFor({ workload, container, inventory: this.inventory }, []) };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const [reason = ''] = messageOf(error).split('\n');
      return { unknown: reason };
    }
  }
}
