import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';

/** The key that signs application tokens, and how often it is replaced. */
export async function keys({ sdk, account, step }) {
  const { keys } = sdk.zeroTrust.access;
  const present = await step('zeroTrust.access.keys.get', async () => {
    const found = await keys.get(account);
    assert.equal(found.key_rotation_interval_days, 42);
    assert.ok(found.days_until_next_rotation > 40 && Date.parse(found.last_key_rotation_at) <= Date.now());
    return found;
  });
  await step('zeroTrust.access.keys.update', async () => {
    assert.equal((await keys.update({ ...account, key_rotation_interval_days: 30 })).key_rotation_interval_days, 30);
    assert.ok((await keys.get(account)).days_until_next_rotation <= 30);
    for (const days of [20, 366, 1.5]) {
      await assert.rejects(keys.update({ ...account, key_rotation_interval_days: days }), Cloudflare.BadRequestError);
    }
  });
  await step('zeroTrust.access.keys.rotate', async () => {
    const rotated = await keys.rotate(account);
    assert.ok(Date.parse(rotated.last_key_rotation_at) > Date.parse(present.last_key_rotation_at));
    assert.equal((await keys.get(account)).last_key_rotation_at, rotated.last_key_rotation_at);
  });
}
