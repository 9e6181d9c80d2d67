export { type OverlayChange, overlayText } from './changes';
export { type Adaptation, both, withHeyRate, withoutFargate, withVariable } from './machine';
export { PEER_IMAGE, withPeer } from './peer';
export { type ScaledStack, scaleTime } from './scale-time';
export { overlayStack } from './stack';
