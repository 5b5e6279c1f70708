import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { problem } from '../problem';
import { publicKey, rolesKey, type AuthenticatedRequest, type Role } from './roles';
import { TokenVerifier } from './token-verifier';

/** Deny by default: no token 401; no role, or a route that names none, 403. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Kafka handlers are reached by the broker's access control, not by tokens.
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, places) === true) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.user = await this.authenticate(request.headers.authorization);
    const allowed = this.reflector.getAllAndOverride<Role[] | undefined>(rolesKey, places) ?? [];
    if (request.user.roles.some((role) => allowed.includes(role))) return true;
    throw problem(403, 'forbidden', 'Your roles do not allow this.', forbiddenRemedy(allowed));
  }

  private async authenticate(authorization: string | string[] | undefined) {
    const token = typeof authorization === 'string' ? /^Bearer ([\w.~+/=-]+)$/i.exec(authorization)?.[1] : undefined;
    const verdict = token === undefined ? null : await this.tokens.verify(token);
    if (verdict?.kind === 'user') return verdict.user;
    throw problem(401, 'unauthenticated', verdict === null ? 'A bearer token is required.' : 'The token is not valid.', {
      remedy: 'Send Authorization: Bearer <token> with a token that has not expired.',
      headers: { 'WWW-Authenticate': verdict === null ? 'Bearer' : 'Bearer error="invalid_token"' },
    });
  }
}

function forbiddenRemedy(allowed: Role[]): string {
  return allowed.length === 0 ? 'This route is open to nobody.' : `Ask for one of these roles: ${allowed.join(', ')}.`;
}
