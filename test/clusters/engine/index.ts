export { Engine, type Run, type RunConfig } from './engine';
export { programFolder, type ProgramFolder } from './folder';
export { graphText } from './graph';
export { plainTexts, readable, secretPaths, textOf, unknownPaths, valueAt } from './marks';
export type { Functions, Provider, RemoteComponent, World } from './provider';
export { needsOf, type Resource } from './resource';
export { deletionOrder } from './state';
export { shortUrn } from './urn';
export { isList, type Properties, ResourceReference, Secret } from './values';
