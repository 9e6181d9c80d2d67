/** Pages that a program shows of itself: rendered by the program, complete in themselves, kept up to date. */
export { duration, moment, number } from './format';
export { pageReply } from './page';
