export { ScrapeWatch } from './scrape-watch';
export { startRecorder, type Recorder } from './recorder';
