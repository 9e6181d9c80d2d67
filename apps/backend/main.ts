import { runApp } from '../runtime';
import { backendApp } from './app';

void runApp(backendApp);
