export { startRecorder, type Recorder } from './recorder';
