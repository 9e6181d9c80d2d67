export { stackFiles } from './files';
export { textFile, type GeneratedFiles } from './generated-file';
export { PROJECT, readImageLock } from './image-lock';
export { manifestFiles } from './manifests';
export { synthesize } from './synthesize';
export { replaceStackFiles, writeFiles } from './writer';
