import { runApp } from '../runtime';
import { sampleAppApp } from './app';

void runApp(sampleAppApp);
