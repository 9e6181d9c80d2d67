/** YAML whose values know where they stand. */
export { pathText, readDocument } from './read-document';
export { type Position, type YamlPath, YamlSource } from './yaml-source';
