export { stackFiles } from './files';
export { textFile, type GeneratedFiles } from './generated-file';
export { manifestFiles } from './manifests';
export { synthesize } from './synthesize';
export { replaceStackFiles, writeFiles } from './writer';
