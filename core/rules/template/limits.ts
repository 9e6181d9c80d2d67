import { NotSupportedError } from '../../errors';

/** Go's own limits are so high that a template at them never ends; these are what any real template stays far below. */
const MAX_DEPTH = 400;
const MAX_STEPS = 2_000_000;
const MAX_OUTPUT = 32 * 1024 * 1024;

/** @throws NotSupportedError if parentheses, controls or template calls are nested too deeply */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new NotSupportedError(`a template nested more than ${MAX_DEPTH} deep`);
}

/** @throws NotSupportedError if a template takes too many steps */
export function checkSteps(steps: number): void {
  if (steps > MAX_STEPS) throw new NotSupportedError(`a template that takes more than ${MAX_STEPS} steps`);
}

/** @throws NotSupportedError if a template prints too much */
export function checkOutput(length: number): void {
  if (length > MAX_OUTPUT)
    throw new NotSupportedError(`a template that prints more than ${MAX_OUTPUT} bytes`);
}
