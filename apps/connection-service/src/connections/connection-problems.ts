import { problem, type ProblemError, versionDiffers } from '@courier/http';

export type Refusal =
  | { kind: 'connection_not_found' }
  | { kind: 'version_differs' }
  | { kind: 'profile_limit_too_high'; ceiling: number }
  | { kind: 'connection_in_use'; exports: { id: string; name: string }[] };

export function refusalOf(refusal: Refusal): ProblemError {
  switch (refusal.kind) {
    case 'connection_not_found':
      return connectionNotFound();
    case 'version_differs':
      return versionDiffers();
    case 'profile_limit_too_high':
      return profileLimitTooHigh(refusal.ceiling);
    case 'connection_in_use':
      return connectionInUse(refusal.exports);
  }
}

export function connectionNotFound(): ProblemError {
  const detail = 'There is no such connection, or you may not use it.';
  return problem(404, 'connection_not_found', detail, 'List the connections that you may use.');
}

function profileLimitTooHigh(ceiling: number): ProblemError {
  return problem(400, 'profile_limit_too_high', `profileLimit is above the ceiling of ${ceiling}.`, {
    remedy: `Send at most ${ceiling}, or split the segment over several exports.`,
    errors: [{ path: 'profileLimit', code: 'too_big', detail: `At most ${ceiling}.` }],
  });
}

function connectionInUse(exports: { id: string; name: string }[]): ProblemError {
  return problem(409, 'connection_in_use', `${exports.length} exports use this connection.`, {
    remedy: 'Send ?exports=detach (they keep their configuration and rest) or ?exports=remove, or change them first.',
    errors: exports.map(({ id, name }) => ({
      path: `exports/${id}`,
      code: 'uses_connection',
      detail: `The export "${name}" uses it.`,
    })),
  });
}
