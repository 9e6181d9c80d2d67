import { runApp } from '../runtime';
import { promFakeApp } from './app';

void runApp(promFakeApp);
