import * as command from '@pulumi/command';
import type * as pulumi from '@pulumi/pulumi';

/** A script of bash as a resource. What it prints is its output, what it says to people goes to stderr. */
export interface ShellCommand {
  readonly create: string;
  /** Run instead of `create` where the script or its variables changed and no trigger did. */
  readonly update: string;
  readonly delete?: string;
  /** Variables of all three; nothing is put into the text of a script. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** A change of one of them replaces the resource: it is deleted, then created. */
  readonly triggers: readonly pulumi.Input<unknown>[];
  /** Whether the output is a secret. */
  readonly secretOutput?: boolean;
}

const STRICT = 'set -euo pipefail';

/** `need TOOL HINT`: ends with a message where a tool is missing. */
const NEED = `need() {
  command -v "$1" >/dev/null && return
  printf '%s is not installed, or not in PATH: %s\\n' "$1" "$2" >&2
  exit 1
}`;

/** Runs on the machine where Pulumi runs. A failure shows what the script wrote to stderr. */
export function shellCommand(
  name: string,
  { create, update, delete: remove, environment, triggers, secretOutput = false }: ShellCommand,
  options: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    {
      interpreter: ['bash', '--norc', '-c'],
      create: script(create),
      update: script(update),
      ...(remove === undefined ? {} : { delete: script(remove) }),
      environment: { ...environment },
      triggers: [...triggers],
      // The output is for Pulumi; people see what is written to stderr.
      logging: command.types.enums.local.Logging.Stderr,
    },
    {
      ...options,
      deleteBeforeReplace: true,
      ...(secretOutput ? { additionalSecretOutputs: ['stdout'] } : {}),
    },
  );
}

function script(body: string): string {
  return `${STRICT}\n${NEED}\n${body}`;
}
