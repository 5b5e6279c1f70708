import { Command, CommanderError, Option, type OutputConfiguration } from 'commander';
import { auditCommand } from './commands/audit';
import { connectionsCommand } from './commands/connections';
import { deadLettersCommand } from './commands/dead-letters';
import { exportsCommand } from './commands/exports';
import { refreshesCommand } from './commands/refreshes';
import { replayCommand } from './commands/replay';
import { runsCommand } from './commands/runs';
import { segmentsCommand } from './commands/segments';
import { stackCommand } from './commands/stack';
import { exitCodes, type ExitCode } from './exit-codes';
import { Ops } from './ops';
import { outputFormats } from './output';
import { errorText, exitCodeOfError } from './print-error';
import type { Terminal } from './terminal';

const explanation = `
Address and token come from the stack file of a running npm start ($STACK_DIR/stack.json, .local without STACK_DIR), else from
OPS_CONNECTION_SERVICE_URL, OPS_EXPORT_ORCHESTRATOR_URL, OPS_KLAVIYO_SINK_URL, OPS_TOKEN, OPS_KAFKA_BROKERS
(OPS_KAFKA_SSL, OPS_KAFKA_SASL_MECHANISM, _USERNAME, _PASSWORD) and OPS_ENVIRONMENT_ID.

Exit codes: 0 ok, 1 usage, 2 failed, 3 completed with errors, 4 awaiting approval.`;

/** Runs one command line. Failures are told on stderr; what comes back is the exit code. */
export async function runOps(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const ops = new Ops(terminal);
  try {
    await buildProgram(ops).parseAsync([...args], { from: 'user' });
    return ops.exitCode;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    terminal.stderr.write(errorText(error));
    return exitCodeOfError(error);
  }
}

function buildProgram(ops: Ops): Command {
  const { stdout, stderr } = ops.terminal;
  const program = new Command('ops')
    .description('Operates the export of customer segments to Klaviyo.')
    .addOption(new Option('-o, --output <format>', 'how the result is printed (default table)').choices(outputFormats))
    .addHelpText('after', explanation);
  const nouns = [
    connectionsCommand(ops),
    exportsCommand(ops),
    runsCommand(ops),
    segmentsCommand(ops),
    refreshesCommand(ops),
    stackCommand(ops),
    replayCommand(ops),
    deadLettersCommand(ops),
    auditCommand(ops),
  ];
  for (const noun of nouns) program.addCommand(noun);
  configure(program, {
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
  });
  return program;
}

/** Commander inherits none of this by `addCommand`. */
function configure(command: Command, output: OutputConfiguration): void {
  command
    .exitOverride()
    .configureOutput(output)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Remedy: --help says more.')
    .helpCommand(false);
  for (const child of command.commands) configure(child, output);
}
