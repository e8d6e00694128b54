import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

/** The account, its owner, and how the two belong together. */
export async function accounts({ sdk, lab, account, step, clientWith }) {
  await step('accounts.list', async () => {
    assert.equal((await sdk.accounts.list()).length, 1);
    const { name } = only(await sdk.accounts.list(), lab.account);
    only(await sdk.accounts.list({ name }), lab.account);
    assert.equal((await sdk.accounts.list({ name: 'nobody' })).length, 0);
  });
  await step('accounts.get', async () => {
    assert.equal((await sdk.accounts.get(account)).id, lab.account);
    const stranger = { account_id: '0'.repeat(32) };
    const error = await sdk.accounts.get(stranger).then(() => undefined, e => e);
    assert.ok([403, 404].includes(error?.status), `another account is refused, not ${error?.status}`);
    await refused(() => clientWith('x'.repeat(40)).accounts.get(account), Cloudflare.APIError, 10000);
  });

  await step('user.get', async () => {
    const user = await sdk.user.get();
    assert.match(user.email, /@/);
  });
  const membership = await step('memberships.list', async () => {
    const [first, ...others] = await sdk.memberships.list();
    assert.equal(others.length, 0);
    assert.equal(first.account.id, lab.account);
    assert.equal(first.status, 'accepted');
    return first;
  });
  await step('memberships.get', async () => {
    assert.equal((await sdk.memberships.get(membership.id)).account.id, lab.account);
  });
}
