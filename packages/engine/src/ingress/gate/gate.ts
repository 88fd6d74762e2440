// The gate: where browsers log in to internal services. It decides on requests that a proxy hands it, as pure as that can be; it
// never sees those that are let through.
import { createHash, timingSafeEqual } from 'node:crypto';
import { htmlPage, page, pageHeaders, paragraphs, escapeHtml } from '../page.ts';
import { GuessLimit } from './guess-limit.ts';
import { loggedInPage, loginPage } from './login-page.ts';
import { bypassName, gatePath, returnPath, withoutBypass } from './return-path.ts';
import { dayOf, newSession, sessionsIn, setCookie, validSessions } from './session.ts';

/** What lets somebody in to the internal services of a playground. */
export interface Access {
  readonly user: string;
  readonly password: string;
  /** Signs sessions; another one whenever the password is another. */
  readonly sessionKey: string;
  /** For programs; signs the sessions that begin with it. */
  readonly bypass: string;
}

export interface GateOptions {
  /** Playgrounds with a login at a host. */
  readonly playgroundsAt: (host: string) => readonly string[];
  /** Null when there is no such playground. */
  readonly accessOf: (playground: string) => Access | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface GateRequest {
  readonly method: string;
  /** Path and query, as the client sent it. */
  readonly url: string;
  /** As the client sent it, with the port. */
  readonly host: string;
  /** Headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the client, as the proxy saw it. */
  readonly client: string;
  /** The playground whose service was asked for; null for what was asked of the gate itself. */
  readonly playground: string | null;
  /** Of a form. */
  readonly body: string;
}

export interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a client that is no browser learns what to send. */
export const basicChallenge = 'Basic realm="playground", charset="UTF-8"';
const cookieChallenge = `Cookie realm="playground", form-action="${gatePath}login"`;

export class Gate {
  readonly #options: GateOptions;
  readonly #guesses: GuessLimit;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#guesses = new GuessLimit(options.now);
  }

  /** Answers what the proxy did not let through, and what is asked of the gate itself. */
  answer(request: GateRequest): GateAnswer {
    // Two slashes begin no host here: what follows them is a path of the service.
    const { pathname, searchParams } = new URL(
      `https://here.invalid${request.url.startsWith('/') ? '' : '/'}${request.url}`,
    );
    if (pathname === `${gatePath}login`) return this.#login(request);
    if (pathname === `${gatePath}logout`) return this.#logout(request);
    if (pathname.startsWith(gatePath))
      return shown(
        404,
        page({ title: 'There is nothing at this address', text: 'The gate has no such page.' }),
      );
    const access = request.playground === null ? null : this.#options.accessOf(request.playground);
    if (request.playground === null || access === null) return unknown;
    const token = searchParams.get(bypassName);
    if (token !== null) return this.#bypass(request, request.playground, access, token);
    return this.#ask(request, request.playground, access, returnPath(request.url));
  }

  #login(request: GateRequest): GateAnswer {
    const form = new URLSearchParams(request.body);
    const [first] = this.#options.playgroundsAt(hostName(request));
    const playground = form.get('playground') ?? first;
    const access = playground === undefined ? null : this.#options.accessOf(playground);
    if (playground === undefined || access === null || !this.#isAt(request, playground)) return unknown;
    if (request.method !== 'POST') {
      if (!this.#inSession(request, playground, access))
        return this.#ask(request, playground, access, '/', null, 200);
      return shown(200, loggedInPage(request.host, playground));
    }
    if (!fromHere(request)) return elsewhere;
    const back = returnPath(form.get('return'));
    const wait = this.#guesses.waitOf(playground, request.client);
    if (wait > 0) return tooMany(wait);
    if (!same(form.get('password') ?? '', access.password)) {
      this.#guesses.wasWrong(playground, request.client);
      return this.#ask(request, playground, access, back, 'That is not the password.');
    }
    return this.#begin(playground, access.sessionKey, back);
  }

  #logout(request: GateRequest): GateAnswer {
    const playground = new URLSearchParams(request.body).get('playground') ?? '';
    if (request.method !== 'POST') return redirect(`${gatePath}login`);
    if (!fromHere(request)) return elsewhere;
    if (!this.#isAt(request, playground)) return unknown;
    return redirect(`${gatePath}login`, { 'Set-Cookie': setCookie(playground) });
  }

  /** The token in an address becomes a session, and leaves the address. */
  #bypass(request: GateRequest, playground: string, access: Access, token: string): GateAnswer {
    const wait = this.#guesses.waitOf(playground, request.client);
    if (wait > 0) return tooMany(wait);
    const right = same(token, access.bypass);
    if (!right) this.#guesses.wasWrong(playground, request.client);
    // Anything else would have to be sent once more, which programs do not do.
    const known = request.method === 'GET' || request.method === 'HEAD';
    if (right && known) return this.#begin(playground, access.bypass, withoutBypass(request.url));
    const text = right
      ? `Send it as a header, ${bypassName}, with anything but GET.`
      : 'It may have been replaced by another one.';
    const title = right ? 'The token does not go into this address' : 'The token is not the right one';
    return shown(401, page({ title, text }), { 'WWW-Authenticate': basicChallenge });
  }

  #begin(playground: string, key: string, back: string): GateAnswer {
    const value = newSession(key, playground, dayOf(this.#options.now()));
    return redirect(back, { 'Set-Cookie': setCookie(playground, value) });
  }

  #ask(
    { host }: GateRequest,
    playground: string,
    { user }: Access,
    back: string,
    trouble: string | null = null,
    status = 401,
  ): GateAnswer {
    const challenge = status === 401 ? { 'WWW-Authenticate': cookieChallenge } : {};
    return shown(status, loginPage({ host, playground, user, back, trouble }), challenge);
  }

  #inSession({ headers }: GateRequest, playground: string, access: Access): boolean {
    const today = dayOf(this.#options.now());
    const given = sessionsIn(headers['cookie'], playground);
    const valid = [access.sessionKey, access.bypass].flatMap((key) => validSessions(key, playground, today));
    return given.some((value) => valid.some((each) => same(value, each)));
  }

  #isAt(request: GateRequest, playground: string): boolean {
    return this.#options.playgroundsAt(hostName(request)).includes(playground);
  }
}

const unknown = shown(
  503,
  page({
    title: 'There is no login here at the moment',
    text: 'The playground may be on its way in or out.',
  }),
);

const elsewhere = shown(
  403,
  page({ title: 'This form came from another site', text: 'Log in from the page of the service itself.' }),
);

function tooMany(wait: number): GateAnswer {
  const title = 'Too many wrong passwords';
  const body = `<h1>${title}</h1>${paragraphs(`Try again in ${wait} seconds.`)}`;
  return shown(429, htmlPage({ title: escapeHtml(title), body }), { 'Retry-After': String(wait) });
}

function shown(status: number, body: string, headers: GateAnswer['headers'] = {}): GateAnswer {
  return { status, headers: { ...pageHeaders(status), ...headers }, body };
}

function redirect(location: string, headers: GateAnswer['headers'] = {}): GateAnswer {
  const own = { Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' };
  return { status: 303, headers: { ...own, ...headers }, body: '' };
}

function hostName({ host }: GateRequest): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

/** Browsers say where a form came from; programs need not. */
function fromHere({ headers, host }: GateRequest): boolean {
  const { origin } = headers;
  return origin === undefined || origin === `https://${host}`;
}

/** In a time that does not tell how far they are the same. */
function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
