export {
  type FusedQuery,
  type FusedResults,
  type Fusion,
  type FusionRequest,
  type FusionScope,
} from './fusion';
export { proveFusion } from './prove';
export { fusedResults } from './results';
export { splitQuery } from './split';
