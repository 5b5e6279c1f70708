import type { Command } from 'commander';
import { loadSettings, type OpsSettings, type SettingName } from './config';
import { exitCodes, type ExitCode } from './exit-codes';
import { Output, type OutputFormat } from './output';
import type { paths as ConnectionPaths } from './generated/connection-service';
import type { paths as OrchestratorPaths } from './generated/export-orchestrator';
import { ServiceApi } from './service-api';
import { readStackFile, stackDir, type StackFile } from './stack-file';
import type { Terminal } from './terminal';

/** The services that read topics. */
export const consumingServices = ['export-orchestrator', 'klaviyo-sink', 'connection-service'] as const;
export type ConsumingService = (typeof consumingServices)[number];

export type OrchestratorApi = ServiceApi<OrchestratorPaths>;
/** What each of them serves in the same way. */
export type ConsumingServiceApi = ServiceApi<
  Pick<OrchestratorPaths, Extract<keyof OrchestratorPaths, `/v1/${'audit-events' | 'dead-letters' | 'intake'}${string}`>>
>;

const serviceUrls = {
  'export-orchestrator': 'OPS_EXPORT_ORCHESTRATOR_URL',
  'klaviyo-sink': 'OPS_KLAVIYO_SINK_URL',
  'connection-service': 'OPS_CONNECTION_SERVICE_URL',
} as const;

export interface Call<Options> {
  args: readonly string[];
  options: Options;
  output: Output;
}

/** What all commands share: the terminal, the settings, and the exit code that the last one left. */
export class Ops {
  exitCode: ExitCode = exitCodes.ok;

  constructor(readonly terminal: Terminal) {}

  /** The function that commander calls. Work that returns nothing went well. */
  action<Options = object>(work: (call: Call<Options>) => Promise<ExitCode | void>): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const { output: format = 'table' } = command.optsWithGlobals<{ output?: OutputFormat }>();
      const output = new Output(format, this.terminal.stdout, this.terminal.stderr);
      this.exitCode = (await work({ args: command.args, options: command.opts() as Options, output })) ?? exitCodes.ok;
    };
  }

  settings<const Needed extends SettingName>(needed: readonly Needed[], output: Output): OpsSettings<Needed> {
    const { env } = this.terminal;
    const { settings, note } = loadSettings(needed, { env, stackDir: stackDir(env), stack: this.stack() });
    if (note !== null) output.note(note);
    return settings;
  }

  /** The running embedded stack; null where the settings come from the environment. */
  stack(): StackFile | null {
    return readStackFile(stackDir(this.terminal.env));
  }

  connectionService(output: Output): ServiceApi<ConnectionPaths> {
    const settings = this.settings(['OPS_CONNECTION_SERVICE_URL', 'OPS_TOKEN'], output);
    return new ServiceApi('connection-service', settings.OPS_CONNECTION_SERVICE_URL, settings.OPS_TOKEN);
  }

  /** Each asks for its own settings only, so that one service can be operated without the address of the others. */
  serviceApi(service: ConsumingService, output: Output): ConsumingServiceApi {
    const url = serviceUrls[service];
    const settings = this.settings([url, 'OPS_TOKEN'], output);
    return new ServiceApi(service, settings[url], settings.OPS_TOKEN);
  }

  exportOrchestrator(output: Output): OrchestratorApi {
    return orchestratorApi(this.settings(['OPS_EXPORT_ORCHESTRATOR_URL', 'OPS_TOKEN'], output));
  }
}

export function orchestratorApi(settings: OpsSettings<'OPS_EXPORT_ORCHESTRATOR_URL' | 'OPS_TOKEN'>): OrchestratorApi {
  return new ServiceApi('export-orchestrator', settings.OPS_EXPORT_ORCHESTRATOR_URL, settings.OPS_TOKEN);
}
