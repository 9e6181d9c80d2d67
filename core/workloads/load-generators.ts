import { commandLine } from '../kube/command-line';
import { curl } from './curl';
import { readGoFlags } from './go-flags';
import { hey, isHey } from './hey';
import { bystander, ownerOf, type Program, type Setting } from './program';
import { firstWord } from './shell';
import { vegeta } from './vegeta';

/** First words of a script that starts curl, or that only waits. */
const CURL_WORDS = ['curl', 'for', 'while', 'sleep'];
/** Where the load tester of Flagger listens without `-port`. */
const LOAD_TESTER_PORT = '9090';
const PATHS = ['/healthz', '/metrics'];
const SWITCHES = ['zap-replace-globals'];

/** The image that holds vegeta, hey and curl: the first word that it runs tells which. */
export function loadTest(setting: Setting): Program {
  return named(setting) ?? vegeta(setting);
}

/**
 * The load tester of Flagger, an image that holds hey and curl too. Without a command of theirs it is a server
 * (`cmd/loadtester/main.go`, `pkg/loadtester/server.go`), whose other paths want a payload.
 */
export function loadTester(setting: Setting): Program {
  const found = named(setting);
  if (found) return found;
  const words = commandLine(setting.container);
  const owner = ownerOf(setting);
  const { flags } = readGoFlags(words.slice(words[0]?.startsWith('-') ? 0 : 1), SWITCHES, owner);
  const port = Number(new Map(flags).get('port') ?? LOAD_TESTER_PORT);
  return {
    ...bystander('load-tester'),
    status: (at, { path }) => (at === port ? (PATHS.includes(path) ? 200 : 400) : undefined),
    exposes: (at, path) => at === port && path === '/metrics',
  };
}

function named(setting: Setting): Program | undefined {
  const word = firstWord(commandLine(setting.container));
  if (isHey(word)) return hey(setting);
  return CURL_WORDS.includes(word) ? curl(setting) : undefined;
}
