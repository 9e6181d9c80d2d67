'use strict';
const base = require('../control-plane/jest.config');

/** Adapters beside prometheus-adapter, over the same cluster and the same Prometheus; needs Go. */
module.exports = { ...base, roots: ['<rootDir>/test/side-by-side'] };
