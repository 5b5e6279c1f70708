import { connectionAccess, type Connection, type SharedConnection } from '@courier/contracts';
import { Command, Option } from 'commander';
import { exitCodes, type ExitCode } from '../exit-codes';
import type { Ops } from '../ops';
import { moreLine, pageOptions, wholeNumber, type PageOptions } from '../option-values';
import type { Output } from '../output';
import { readSecret } from '../read-secret';
import { patient } from '../service-api';
import { fieldTable, grouped, listTable, shortTime } from '../tables';

/** Contributors are shown less than administrators. */
type Visible = SharedConnection & Partial<Connection>;

interface CreateOptions {
  name: string;
  apiKeyFile: string;
  access?: Connection['access'];
  profileLimit?: number;
  wait?: number;
}

const WAIT_MAX_SECONDS = 30;
const VERIFY_WAIT_SECONDS = 20;
const PROFILE_LIMIT_MAX = 1_000_000;

export function connectionsCommand(ops: Ops): Command {
  const command = new Command('connections').description('the Klaviyo accounts that exports deliver to');
  const [limit, cursor] = pageOptions();
  command
    .command('list')
    .description('list connections')
    .addOption(limit)
    .addOption(cursor)
    .action(ops.action<PageOptions>(({ options, output }) => list(ops, options, output)));
  command
    .command('show <id>')
    .description('show one connection')
    .action(ops.action(({ args: [id = ''], output }) => show(ops, id, output)));
  command
    .command('create')
    .description('create a connection; its API key is checked at once')
    .requiredOption('--name <name>', 'display name')
    .requiredOption('--api-key-file <file>', 'file that holds the private API key; - asks for it or reads stdin')
    .requiredOption('--consent', 'I agree that the profiles of the exported segments are transferred to Klaviyo')
    .addOption(new Option('--access <who>', 'who may use it').choices(connectionAccess))
    .option('--profile-limit <n>', 'most people that one run may deliver', wholeNumber(1, PROFILE_LIMIT_MAX))
    .option('--wait <seconds>', 'wait until the check has ended', wholeNumber(0, WAIT_MAX_SECONDS))
    .action(ops.action<CreateOptions>(({ options, output }) => create(ops, options, output)));
  command
    .command('verify <id>')
    .description('check the API key again')
    .option('--wait <seconds>', 'how long to wait for the check', wholeNumber(0, WAIT_MAX_SECONDS), VERIFY_WAIT_SECONDS)
    .action(ops.action<{ wait: number }>(({ args: [id = ''], options, output }) => verify(ops, { id, ...options }, output)));
  return command;
}

async function list(ops: Ops, query: PageOptions, output: Output): Promise<void> {
  const page = await ops.connectionService(output).call((http) => http.GET('/v1/connections', { params: { query } }));
  output.result(page, () => {
    const rows = page.items.map(({ id, displayName, state, account, access, attention }: Visible) => {
      return [id, displayName, state, account?.name, access, attention?.code];
    });
    const table = listTable(['id', 'name', 'state', 'account', 'access', 'attention'], rows, 'There are no connections.');
    return table + moreLine(page.nextCursor);
  });
}

async function show(ops: Ops, id: string, output: Output): Promise<void> {
  const connection = await ops
    .connectionService(output)
    .call((http) => http.GET('/v1/connections/{id}', { params: { path: { id } } }));
  output.result(connection, () => connectionText(connection));
}

async function create(ops: Ops, options: CreateOptions, output: Output): Promise<ExitCode> {
  const { name, apiKeyFile, access, profileLimit, wait = 0 } = options;
  const api = ops.connectionService(output);
  const apiKey = await readSecret(apiKeyFile, 'Klaviyo private API key', ops.terminal);
  const body = {
    displayName: name,
    type: 'klaviyo' as const,
    apiKey,
    access,
    profileLimit,
    dataPrivacyConsent: { accepted: true as const },
  };
  const { header, fetch } = waiting(wait);
  return report(await api.call((http) => http.POST('/v1/connections', { params: { header }, body, fetch })), wait, output);
}

async function verify(ops: Ops, { id, wait }: { id: string; wait: number }, output: Output): Promise<ExitCode> {
  const { header, fetch } = waiting(wait);
  const checked = await ops
    .connectionService(output)
    .call((http) => http.POST('/v1/connections/{id}/verify', { params: { path: { id }, header }, fetch }));
  return report(checked, wait, output);
}

function waiting(seconds: number) {
  return { header: seconds > 0 ? { Prefer: `wait=${seconds}` } : {}, fetch: patient(seconds * 1_000) };
}

/** The command itself went well; what the check found is told by the exit code too. */
function report(connection: Connection, wait: number, output: Output): ExitCode {
  output.result(connection, () => connectionText(connection));
  if (connection.state === 'needs_attention') return exitCodes.completedWithErrors;
  if (connection.state !== 'verifying') return exitCodes.ok;
  output.note(`The check goes on; see: ops connections show ${connection.id}`);
  return wait > 0 ? exitCodes.completedWithErrors : exitCodes.ok;
}

export function connectionText(connection: Visible): string {
  const { id, displayName, type, state, access, account, scopes, attention, credential, consent, profileLimit } = connection;
  return fieldTable([
    ['Connection', id],
    ['Name', displayName],
    ['Type', type],
    ['State', state],
    ['Attention', attention ? `${attention.detail} (${attention.code})` : null],
    ['Remedy', attention?.remedy],
    ['Account', account ? `${account.name} (${account.id})` : null],
    ['API key', credential ? `ends with ${credential.last4}, version ${credential.version}` : null],
    ['Missing scopes', scopes?.missing.join(', ')],
    ['Access', access],
    ['Profile limit', profileLimit === undefined ? null : grouped(profileLimit)],
    ['Export user', connection.exportUser?.name],
    ['Consent', consent ? `${consent.by.name}, ${shortTime(consent.acceptedAt)}, text ${consent.textVersion}` : null],
    ['Created', byAt(connection.createdBy?.name, connection.createdAt)],
    ['Updated', byAt(connection.updatedBy?.name, connection.updatedAt)],
  ]);
}

function byAt(name: string | undefined, time: string | undefined): string | null {
  return name === undefined ? null : `${shortTime(time)} by ${name}`;
}
