/** What a command sees of the process around it. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  /** The folder in which the operator typed the command. */
  cwd: string;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export function processTerminal(): Terminal {
  const { env, stdin, stdout, stderr } = process;
  // `npm run` changes to the clone's root and says where it was called.
  const calledByNpm = env['npm_lifecycle_event'] === 'ops' && env['INIT_CWD'];
  return { env, cwd: calledByNpm || process.cwd(), stdin, stdout, stderr };
}
