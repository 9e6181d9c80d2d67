export { type Difference, firstDifference } from './difference';
export { outcomeOf } from './outcome';
export { readRecording, type Recording } from './recording';
export { replay } from './replay';
