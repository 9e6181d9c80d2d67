import { runApp } from '../runtime';
import { sportsbookApiApp } from './app';

void runApp(sportsbookApiApp);
