import { isMainThread } from 'node:worker_threads';
import { runApp } from '../runtime';
import { workerApp } from './app';
import { runThread } from './thread';

// The image holds one file: its threads run it too.
if (isMainThread) void runApp(workerApp(__filename));
else runThread();
