import { createParamDecorator, type CustomDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { problem } from '../problem';

export const roles = ['administrator', 'contributor', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Who is asking, as the token says. */
export interface User {
  sub: string;
  name: string;
  roles: Role[];
}

/** Who changes something, and from which address. */
export interface Actor extends User {
  address: string | null;
}

export const rolesKey = 'courier:roles';
export const publicKey = 'courier:public';

/** Who may call a route: anybody with one of these roles. A route with neither this nor @Public() answers 403 to everybody. */
export function Roles(...allowed: [Role, ...Role[]]): CustomDecorator {
  return SetMetadata(rolesKey, allowed);
}

/** A route without a token: health and metrics. */
export function Public(): CustomDecorator {
  return SetMetadata(publicKey, true);
}

export interface AuthenticatedRequest {
  headers: Record<string, string | string[] | undefined>;
  user?: User;
}

/** The user that the guard has let in. */
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext): User =>
  userOf(context.switchToHttp().getRequest<AuthenticatedRequest>()),
);

export function userOf({ user }: AuthenticatedRequest): User {
  if (user === undefined) throw problem(401, 'unauthenticated', 'A bearer token is required.');
  return user;
}
