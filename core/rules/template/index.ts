export { GoTemplate } from './go-template';
export { GoMap, GoSlice, GoStruct, type Method, type StructType } from './value';
