export { type Anchor } from './alignment';
export { comparisonChart, comparisonPage } from './chart';
export { autoscalerIn, compare, type Comparison } from './compare';
export { comparisonJson, comparisonText } from './text';
