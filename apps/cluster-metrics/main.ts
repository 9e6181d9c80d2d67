import { runApp } from '../runtime';
import { clusterMetricsApp } from './app';

void runApp(clusterMetricsApp());
