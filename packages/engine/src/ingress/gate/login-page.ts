// The pages of the gate: where somebody logs in, and out.
import { escapeHtml, htmlPage, paragraphs } from '../page.ts';
import { gatePath } from './return-path.ts';

export interface LoginPage {
  readonly host: string;
  readonly playground: string;
  readonly user: string;
  /** Where it leads once the password is right. */
  readonly back: string;
  /** What is to be said about the try before; null at the first. */
  readonly trouble: string | null;
}

export function loginPage({ host, playground, user, back, trouble }: LoginPage): string {
  const hidden = (name: string, value: string) =>
    `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
  const alert = trouble === null ? '' : `<p class="bad" role="alert" id="trouble">${escapeHtml(trouble)}</p>`;
  const described = trouble === null ? '' : ' aria-invalid="true" aria-describedby="trouble"';
  const title = `${host} asks for a password`;
  const body =
    `<h1>${escapeHtml(title)}</h1>` +
    paragraphs(
      'It is not open to everybody. Whoever owns the playground sees the password with “playhouse playground password”.',
    ) +
    `<form method="post" action="${gatePath}login">${alert}${hidden('playground', playground)}${hidden('return', back)}` +
    // For those who keep passwords in their browser.
    `<input type="text" name="user" value="${escapeHtml(user)}" autocomplete="username" hidden>` +
    '<label for="password">Password</label>' +
    `<input id="password" type="password" name="password" autocomplete="current-password" required autofocus${described}>` +
    '<button type="submit">Log in</button></form>';
  return htmlPage({ title, body });
}

/** What somebody sees who is logged in already. */
export function loggedInPage(host: string, playground: string): string {
  const title = `You are logged in at ${host}`;
  const body =
    `<h1>${escapeHtml(title)}</h1><p><a href="/">Go to ${escapeHtml(host)}</a></p>` +
    `<form method="post" action="${gatePath}logout">` +
    `<input type="hidden" name="playground" value="${escapeHtml(playground)}">` +
    '<button type="submit">Log out</button></form>';
  return htmlPage({ title, body });
}
