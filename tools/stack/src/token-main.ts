import { parseArgs } from 'node:util';
import { reportAndExit } from './report-error';
import { StackError } from './stack-error';
import { mintToken, roles, type Role } from './token';
import { stackDir } from './workspace';

const usage = `npm run -s token -- --role ${roles.join('|')} --sub ID [--name NAME]`;

async function main(): Promise<void> {
  const { role, sub, name } = readArguments();
  const unknown = role.find((candidate) => !(roles as readonly string[]).includes(candidate));
  if (unknown !== undefined) throw new StackError(`--role ${unknown} does not exist. Usage: ${usage}`);
  if (role.length === 0 || !sub) throw new StackError(`--role and --sub are needed. Usage: ${usage}`);
  console.log(await mintToken(stackDir(), { sub, name: name ?? sub, roles: role as Role[] }));
}

function readArguments(): { role: string[]; sub: string | undefined; name: string | undefined } {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { role: { ...text, multiple: true }, sub: text, name: text } });
    return { role: (values.role ?? []).flatMap((value) => value.split(',')), sub: values.sub, name: values.name };
  } catch (error) {
    throw new StackError(`${(error as Error).message}. Usage: ${usage}`);
  }
}

main().catch(reportAndExit);
