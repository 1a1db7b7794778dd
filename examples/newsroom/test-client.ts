/** A small HTTP client for the tests: one user's view of a running newsroom. */
export interface TestClient {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends a form, as a browser does; redirects are not followed. */
  form(path: string, fields: Readonly<Record<string, string>>): Promise<Response>;
  json(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Response>;
  raw(path: string, init: RequestInit): Promise<Response>;
}

export type UserName = 'ada' | 'edith' | 'arthur' | 'rita';

/** Without a name: a visitor. With one: logged in as a seeded user. */
export async function testClient(url: string, name?: UserName): Promise<TestClient> {
  const cookie = name === undefined ? null : await logIn(url, name);
  const raw = (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (cookie !== null) headers.set('cookie', cookie);
    return fetch(url + path, { redirect: 'manual', ...init, headers });
  };
  return {
    raw,
    get: (path, headers = {}) => raw(path, { headers }),
    form: (path, fields) => raw(path, { method: 'POST', body: new URLSearchParams({ ...fields }) }),
    json: (method, path, body) =>
      raw(path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      }),
  };
}

async function logIn(url: string, name: UserName): Promise<string> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ name, password: 'newsroom' }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (cookie === undefined) throw new Error(`Log in as ${name} answered ${response.status}.`);
  return cookie;
}
