'use strict';
const base = require('../../jest.config');

/** Adapters behind a real kube-apiserver; needs Go, which builds it: minutes the first time. */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/control-plane'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
  // One control plane at a time.
  maxWorkers: 1,
  verbose: true,
};
