import type { Inventory } from '../core/kube/inventory';
import type { Rbac } from '../core/kube/rbac';
import type { ClusterDescriptor, Scenario } from '../core/model';
import type { Clock } from './clock';
import type { Journal } from './journal';
import type { Phases } from './phases';
import type { Pods } from './pods';
import type { Random } from './random';

/** What all parts of a rehearsal share. */
export interface World {
  readonly inventory: Inventory;
  readonly rbac: Rbac;
  readonly cluster: ClusterDescriptor;
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly pods: Pods;
  readonly phases: Phases;
}
