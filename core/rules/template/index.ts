export { GoTemplate } from './go-template';
