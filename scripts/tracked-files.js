'use strict';
const { execFileSync } = require('node:child_process');

/** Files of the project that git tracks or would track, matching a git pathspec. */
function trackedFiles(...patterns) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  return execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
}

module.exports = { trackedFiles };
