/** Logging in and out, and who has which role. */
import { htmlAnswer, redirectAnswer } from './answers.ts';
import { endedSessionCookie, sessionCookie, sessionTokenIn } from './cookies.ts';
import { html, type Html } from './html.ts';
import { HttpError } from './http-error.ts';
import { enqueue } from './job-store.ts';
import { page } from './layout.ts';
import { styleHash } from './style-element.ts';
import { isStoredRole, storedRoles } from './permissions.ts';
import { readFields, textField } from './request-body.ts';
import { idIn, type Answer, type Call, type Route } from './router.ts';
import {
  changeRole,
  closeSession,
  findUserByPassword,
  listUsers,
  openSession,
  SESSION_SECONDS,
  type User,
} from './user-store.ts';

export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/login',
    action: 'read',
    handle: (call) => show(call, 'Log in', loginForm(null)),
  },
  { method: 'POST', path: '/login', action: 'read', handle: logIn },
  { method: 'POST', path: '/logout', action: 'see-account', handle: logOut },
  {
    method: 'GET',
    path: '/desk/users',
    action: 'manage-users',
    handle: async (call) => show(call, 'Users', userList(await listUsers(call.newsroom.database))),
  },
  {
    method: 'POST',
    path: '/desk/users/:id/role',
    action: 'manage-users',
    handle: async (call) => {
      const role = (await readFields(call.request))['role'] ?? '';
      if (!isStoredRole(role)) throw new HttpError(400, `There is no role "${role}".`);
      const found = await changeRole(call.newsroom.database, idIn(call), role);
      if (!found) throw new HttpError(404, 'There is no such user.');
      return redirectAnswer('/desk/users');
    },
  },
];

async function logIn(call: Call): Promise<Answer> {
  const { database } = call.newsroom;
  const fields = await readFields(call.request);
  const name = textField(fields, 'name', { min: 1, max: 100 });
  const user = await findUserByPassword(database, name, (fields['password'] ?? '').slice(0, 1000));
  if (user === null) return show(call, 'Log in', loginForm('Name or password is wrong.'), 401);
  const token = await openSession(database, user);
  const runAt = new Date(Date.now() + SESSION_SECONDS * 1000);
  await enqueue(database, { kind: 'end-sessions', subject: user.name, runAt });
  return redirectAnswer('/', { 'set-cookie': sessionCookie(call.request, token) });
}

async function logOut(call: Call): Promise<Answer> {
  const token = sessionTokenIn(call.request);
  if (token !== null) await closeSession(call.newsroom.database, token);
  return redirectAnswer('/', { 'set-cookie': endedSessionCookie });
}

function loginForm(problem: string | null): Html {
  return html`<h1>Log in</h1>
    ${problem === null ? null : html`<p role="alert">${problem}</p>`}
    <form method="post" action="/login">
      <label>Name <input type="text" name="name" autocomplete="username" required /></label>
      <label
        >Password <input type="password" name="password" autocomplete="current-password" required
      /></label>
      <button>Log in</button>
    </form>`;
}

function userList(users: readonly User[]): Html {
  return html`<h1>Users</h1>
    ${users.map(
      (user) =>
        html`<form method="post" action="/desk/users/${user.id}/role">
          <label
            >${user.name}
            <select name="role">
              ${storedRoles.map((role) =>
                role === user.role
                  ? html`<option selected>${role}</option>`
                  : html`<option>${role}</option>`,
              )}
            </select></label
          >
          <button>Change</button>
        </form>`,
    )}`;
}

function show(call: Call, title: string, content: Html, status = 200): Answer {
  return htmlAnswer(page(call, title, content), styleHash(call.newsroom.release), status);
}
