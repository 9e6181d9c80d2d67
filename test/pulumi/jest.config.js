'use strict';
const base = require('../../jest.config');

/**
 * The program of Pulumi as a whole: its graphs, and its objects in a real kube-apiserver, for which Go builds one:
 * minutes the first time.
 */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/pulumi', '<rootDir>/test/clusters/engine', '<rootDir>/test/clusters/graphs'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
  maxWorkers: 2,
  verbose: true,
};
