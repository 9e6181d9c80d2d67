export { overlayText } from './changes';
export { imageOverlay } from './images';
export { scaleTime } from './scale-time';
export { overlayStack } from './stack';
