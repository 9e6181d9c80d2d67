'use strict';
/**
 * `npm run bench`: prints how long things take next to the limit that they should keep. It judges nothing: machines
 * differ, and a figure without its neighbour from the same run says little. Works on the built JavaScript.
 */
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { allObjects } = require('../../build/core/model');
const { rehearse } = require('../../build/rehearsal');
const { findStack } = require('../../build/stacks');
const { synthesize } = require('../../build/synth');
const { withAutoscalers } = require('./many-autoscalers');

const DAY = '24h';
const definition = findStack('kind');
const stack = definition.define(definition.options.parse({}));

/** Median seconds of `runs` calls, after one that is not counted. */
function seconds(action, runs = 3) {
  const times = Array.from({ length: runs + 1 }, () => {
    const started = process.hrtime.bigint();
    action();
    return Number(process.hrtime.bigint() - started) / 1e9;
  });
  return times.slice(1).sort((a, b) => a - b)[Math.floor(runs / 2)];
}

function row(what, value, limit, unit) {
  const share =
    limit === undefined ? '' : `   limit ${limit} ${unit}, uses ${((value / limit) * 100).toFixed(0)} %`;
  console.log(`${what.padEnd(58)} ${value.toFixed(unit === '×' ? 1 : 3).padStart(9)} ${unit}${share}`);
}

function rehearsal(objects, duration, cluster = stack.cluster) {
  const scenario = { ...stack.scenario, duration, expect: [] };
  return () => rehearse({ name: 'bench', objects, cluster, scenario });
}

/** The cluster of the stack with room for the pods of a hundred autoscalers. */
const roomy = {
  ...stack.cluster,
  nodes: stack.cluster.nodes.map((shape) => (shape.role === 'worker' ? { ...shape, count: 30 } : shape)),
};

const objects = allObjects(synthesize(stack)).map(({ object }) => object);
row(
  'synthesis of the kind stack',
  seconds(() => synthesize(stack)),
  undefined,
  's',
);

const day = seconds(rehearsal(objects, DAY));
const quarter = seconds(rehearsal(objects, '6h'));
row('rehearsal of 24 virtual hours, kind stack', day, 1, 's');
row('  against 6 hours; 4 when linear in virtual time', day / quarter, undefined, '×');

const ten = seconds(rehearsal(withAutoscalers(objects, 10), '1h', roomy));
const hundred = seconds(rehearsal(withAutoscalers(objects, 100), '1h', roomy), 1);
row('rehearsal of 1 hour, 10 autoscalers', ten, undefined, 's');
row('rehearsal of 1 hour, 100 autoscalers', hundred, undefined, 's');
row('  against 10 autoscalers', hundred / ten, 12, '×');

const plimsoll = join(__dirname, '../../cli/bin/plimsoll.js');
const node = seconds(() => spawnSync(process.execPath, ['-e', '0']));
const help = seconds(() => spawnSync(process.execPath, [plimsoll, '--help']));
row('start-up of node itself', node, undefined, 's');
row('start-up: plimsoll --help', help, 0.4, 's');
