import { messageOf, UsageError } from '../../errors';
import { reconcile } from '../controller/reconcile';
import { type HpaResult } from '../controller/result';
import { initialState, stateAfterRestart } from '../controller/state';
import { type Recording } from './recording';

/**
 * Runs the model over the inputs of a recording; one result a sync.
 * @throws UsageError if a sync lacks a value that the model asks for
 */
export function replay({ config, syncs }: Recording): HpaResult[] {
  let state = initialState();
  return syncs.map(({ at, restart, inputs }, index) => {
    if (restart) state = stateAfterRestart(state);
    try {
      const result = reconcile(state, inputs, at, config);
      ({ state } = result);
      return result;
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`syncs.${index}.${messageOf(error)}`);
      throw error;
    }
  });
}
