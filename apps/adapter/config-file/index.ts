/** Files that are read again when they change. */
export { ConfigFile } from './config-file';
export { WatchedFiles } from './watched-files';
