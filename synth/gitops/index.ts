export { ownFolder, repositoryPath, type GitOpsOptions, type SyncSource } from './options';
export { gitOpsTree } from './tree';
export { WorkingCopy, type Written } from './working-copy';
