import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';

/** Who sent each request, from the moment its headers were checked until its handler takes over. */
export class Callers {
  readonly #known = new WeakMap<FastifyRequest, Principal>();

  note(request: FastifyRequest, principal: Principal): void {
    this.#known.set(request, principal);
  }

  /** @throws Error when the request was not checked, which no route may do. */
  of(request: FastifyRequest): Principal {
    const principal = this.#known.get(request);
    if (principal === undefined) throw new Error('the request of a route was not checked');
    return principal;
  }
}
