import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

const later = days => new Date(Date.now() + days * 86_400_000);

export async function serviceTokens({ sdk, lab, account, step }) {
  const tokens = sdk.zeroTrust.access.serviceTokens;
  const token = await step('zeroTrust.access.serviceTokens.create', async () => {
    const made = await tokens.create({ ...account, name: 'robot', duration: '60m' });
    assert.equal(made.name, 'robot');
    assert.match(made.client_id, /\.access$/);
    assert.equal(made.client_secret.length, 64);
    await assert.rejects(tokens.create({ ...account, name: 'robot', duration: 'long' }), Cloudflare.BadRequestError);
    return made;
  });
  await step('zeroTrust.access.serviceTokens.get', async () => {
    const present = await tokens.get(token.id, account);
    assert.equal(present.name, 'robot');
    assert.ok(!('client_secret' in present), 'its secret is not told again');
    const expiry = new Date(present.expires_at) - Date.now();
    assert.ok(expiry > 50 * 60_000 && expiry <= 60 * 60_000, `it expires in an hour, not at ${present.expires_at}`);
  });
  await step('zeroTrust.access.serviceTokens.list', async () => {
    only(await tokens.list(account), token.id);
    only(await tokens.list({ ...account, name: 'robot' }), token.id);
    only(await tokens.list({ ...account, search: 'obo' }), token.id);
    assert.equal((await tokens.list({ ...account, name: 'rob' })).length, 0);
    only(await tokens.list({ zone_id: lab.zone }), token.id);
  });
  await step('zeroTrust.access.serviceTokens.rotate', async () => {
    const rotated = await tokens.rotate(token.id, { ...account, previous_client_secret_expires_at: later(1).toISOString() });
    assert.equal(rotated.client_id, token.client_id);
    assert.notEqual(rotated.client_secret, token.client_secret);
  });
  await step('zeroTrust.access.serviceTokens.update', async () => {
    const renamed = await tokens.update(token.id, { ...account, name: 'robot2', duration: '17520h', enabled: false });
    assert.deepEqual([renamed.name, renamed.duration, renamed.enabled], ['robot2', '17520h', false]);
    assert.equal((await tokens.get(token.id, account)).name, 'robot2');
  });
  await step('zeroTrust.access.serviceTokens.refresh', async () => {
    const refreshed = await tokens.refresh(token.id, account);
    assert.ok(new Date(refreshed.expires_at) > later(700), `it is good for two years again, not until ${refreshed.expires_at}`);
  });
  await step('zeroTrust.access.serviceTokens.delete', async () => {
    assert.equal((await tokens.delete(token.id, account)).id, token.id);
    const error = await tokens.get(token.id, account).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
    // One that a policy names stays.
    const inUse = (await tokens.list({ ...account, name: lab.protectedHostname }))[0];
    await refused(() => tokens.delete(inUse.id, account), Cloudflare.BadRequestError, 12139);
    // The zone has the same ones.
    const ofZone = await tokens.create({ zone_id: lab.zone, name: 'of the zone' });
    assert.equal((await tokens.get(ofZone.id, { zone_id: lab.zone })).name, 'of the zone');
    assert.equal((await tokens.update(ofZone.id, { zone_id: lab.zone, name: 'renamed' })).name, 'renamed');
    await tokens.delete(ofZone.id, { zone_id: lab.zone });
  });
}
