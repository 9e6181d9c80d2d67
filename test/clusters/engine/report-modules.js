'use strict';
const { writeFileSync } = require('node:fs');

/** Loaded before a program: tells at its end which modules it loaded. */
process.on('exit', () => {
  writeFileSync(process.env.PLIMSOLL_TEST_MODULES_FILE, Object.keys(require.cache).join('\n'));
});
