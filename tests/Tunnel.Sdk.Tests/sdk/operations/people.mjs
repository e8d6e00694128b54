import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';

/** Who signed in, their sessions, and the record of it. The test had somebody sign in, and somebody refused. */
export async function people({ sdk, lab, account, step }) {
  const { users, logs } = sdk.zeroTrust.access;
  const user = await step('zeroTrust.access.users.list', async () => {
    const found = (await users.list(account)).find(u => u.email === lab.person);
    assert.ok(found, `${lab.person} is in the list`);
    assert.equal((await users.list({ ...account, email: lab.person })).length, 1);
    assert.equal((await users.list({ ...account, search: 'nobody@' })).length, 0);
    return found;
  });
  await step('zeroTrust.access.users.get', async () => {
    assert.equal((await users.get(user.id, account)).email, lab.person);
    const error = await users.get('00000000-0000-4000-8000-000000000000', account).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `an unknown one is not found, not ${error?.status}`);
  });
  const session = await step('zeroTrust.access.users.activeSessions.list', async () => {
    const sessions = await users.activeSessions.list(user.id, account);
    assert.equal(sessions.length, 1);
    return sessions[0];
  });
  await step('zeroTrust.access.users.activeSessions.get', async () => {
    const one = await users.activeSessions.get(session.metadata.nonce, { ...account, user_id: user.id });
    assert.deepEqual([one.email, one.isActive, one.idp.type], [lab.person, true, 'onetimepin']);
    assert.ok(Object.values(session.metadata.apps).some(app => app.hostname === lab.peoplesHostname), 'it says for which application');
    const error = await users.activeSessions.get('nothing', { ...account, user_id: user.id }).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `an unknown one is not found, not ${error?.status}`);
  });
  await step('zeroTrust.access.users.lastSeenIdentity.get', async () => {
    assert.equal((await users.lastSeenIdentity.get(user.id, account)).email, lab.person);
  });
  await step('zeroTrust.access.users.failedLogins.list', async () => {
    const failures = await users.failedLogins.list(user.id, account);
    assert.equal(failures.length, 1, 'one wrong PIN was entered');
    assert.ok(failures[0].expiration > Date.now() / 1000);
  });
  await entries(users, account, step);
  await accessRequests(logs.accessRequests, lab, account, step);
  await step('zeroTrust.organizations.revokeUsers', async () => {
    assert.equal(await sdk.zeroTrust.organizations.revokeUsers({ ...account, email: lab.person }), true);
    assert.equal((await users.activeSessions.list(user.id, account)).length, 0, 'no session is left');
  });
}

/** People that the administrator enters. */
async function entries(users, account, step) {
  const entry = await step('zeroTrust.access.users.create', async () => {
    const made = await users.create({ ...account, email: 'bob@example.test', name: 'Bob' });
    assert.deepEqual([made.email, made.name], ['bob@example.test', 'Bob']);
    await assert.rejects(users.create({ ...account, email: 'bob@example.test' }), Cloudflare.APIError);
    await assert.rejects(users.create({ ...account, email: 'nobody' }), Cloudflare.BadRequestError);
    return made;
  });
  await step('zeroTrust.access.users.update', async () => {
    const changed = await users.update(entry.id, { ...account, email: 'bob@example.test', name: 'Robert' });
    assert.equal(changed.name, 'Robert');
    assert.equal((await users.get(entry.id, account)).name, 'Robert');
  });
  await step('zeroTrust.access.users.delete', async () => {
    await users.delete(entry.id, account);
    const error = await users.get(entry.id, account).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
  });
}

async function accessRequests(requests, lab, account, step) {
  await step('zeroTrust.access.logs.accessRequests.list', async () => {
    const all = await requests.list(account);
    const [entry] = all.filter(e => e.app_domain === lab.protectedHostname);
    assert.ok(entry, `a visit to ${lab.protectedHostname} is on record among ${all.length}`);
    assert.ok(all.some(e => e.allowed === true) && all.some(e => e.allowed === false), 'who was let in, and who was not');
    const [login] = await requests.list({ ...account, email: lab.person, email_exact: true, limit: 1 });
    assert.equal(login.user_email, lab.person, 'the person is on record, and found by the address');
    assert.equal((await requests.list({ ...account, email: 'nobody@example.test' })).length, 0);
    assert.ok((await requests.list({ ...account, allowedOp: 'eq', allowed: false })).every(e => !e.allowed));
    assert.equal((await requests.list({ ...account, limit: 1 })).length, 1);
    assert.equal((await requests.list({ ...account, until: '2020-01-01T00:00:00Z' })).length, 0);
    assert.ok((await requests.list({ ...account, since: '2020-01-01T00:00:00Z' })).length >= 2);
    const times = (await requests.list({ ...account, direction: 'asc' })).map(e => Date.parse(e.created_at));
    assert.deepEqual(times, [...times].sort((a, b) => a - b), 'in the order asked for');
    const error = await requests.list({ ...account, since: 'yesterday' }).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.BadRequestError, `a time that is none is refused, not ${error?.status}`);
  });
}
