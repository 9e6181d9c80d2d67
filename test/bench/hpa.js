'use strict';
/**
 * The model of the autoscaler beside the real controller, on the same recordings: in a process of its own, as that is.
 */
const { spawnSync } = require('node:child_process');
const { readRecording, replay } = require('../../build/core/hpa/recording');
const { OracleProgram } = require('../../build/test/oracle/program');
const { findVersion } = require('../../build/test/oracle/versions');

const VERSION = '1.36';
const RECORDINGS = 400;
const PASSES = 60;
/** How many times as fast as the real controller the model means to be. */
const AIM = 100;

/** Prints syncs per second of both. Without Go there is no real controller to compare with, and nothing is printed. */
async function benchHpa() {
  if (spawnSync('go', ['version']).status !== 0) {
    console.log('syncs per second of the HPA model: needs Go, for the real controller beside it');
    return;
  }
  const oracle = OracleProgram.build(findVersion(VERSION));
  const lines = [];
  for await (const line of oracle.generate({ seed: 1, count: RECORDINGS })) lines.push(line);
  const model = modelRate(lines.map((line) => readRecording(JSON.parse(line)).recording));
  const { syncs, seconds } = await oracle.time(lines);
  const real = syncs / seconds;
  console.log(`syncs per second: HPA model ${whole(model)}, real controller ${whole(real)}`);
  console.log(`  ${(model / real).toFixed(0)} times as many; the aim is ${AIM} times`);
}

/** Median over passes, the first few of which only warm up. */
function modelRate(recordings) {
  const rates = Array.from({ length: PASSES }, () => {
    const began = process.hrtime.bigint();
    const syncs = recordings.reduce((total, recording) => total + replay(recording).length, 0);
    return syncs / (Number(process.hrtime.bigint() - began) / 1e9);
  });
  return rates.slice(PASSES / 3).sort((a, b) => a - b)[Math.floor(PASSES / 3)];
}

function whole(number) {
  return Math.round(number).toLocaleString('en');
}

benchHpa().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
