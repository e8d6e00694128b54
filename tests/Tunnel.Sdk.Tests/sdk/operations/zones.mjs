import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

export async function zones({ sdk, lab, step, counter }) {
  const account = { id: lab.account };
  const zone = await step('zones.create', async () => {
    const made = await sdk.zones.create({ account, name: 'sdk.test', type: 'full' });
    assert.equal(made.name, 'sdk.test');
    assert.equal(made.type, 'full');
    assert.ok(made.name_servers.length >= 2, 'it says which name servers to set');
    await refused(() => sdk.zones.create({ account, name: 'sdk.test' }), Cloudflare.BadRequestError, 1061);
    await refused(() => sdk.zones.create({ account, name: 'not a domain' }), Cloudflare.BadRequestError, 1049);
    return made;
  });
  await step('zones.get', async () => {
    assert.equal((await sdk.zones.get({ zone_id: zone.id })).name, 'sdk.test');
    const error = await sdk.zones.get({ zone_id: '0'.repeat(32) }).then(() => undefined, e => e);
    assert.ok([403, 404].includes(error?.status), `an unknown zone is refused, not ${error?.status}`);
  });
  await step('zones.list', async () => {
    only(await sdk.zones.list(), zone.id);
    only(await sdk.zones.list({ name: 'sdk.test' }), zone.id);
    only(await sdk.zones.list({ account, status: zone.status, match: 'all', order: 'name', direction: 'desc' }), zone.id);
    assert.equal((await sdk.zones.list({ name: 'other.test' })).length, 0);
    assert.equal((await sdk.zones.list({ account: { id: '0'.repeat(32) } })).length, 0);
    const names = [];
    for (let i = 0; i < 11; i++) names.push((await sdk.zones.create({ account, name: `page-${i}.test` })).name);
    let before = counter.requests;
    for await (const first of sdk.zones.list.paged({ per_page: 5 })) {
      assert.ok(first.id);
      break;
    }
    assert.equal(counter.requests - before, 1, 'who stops early asks for no further page');
    before = counter.requests;
    const paged = await sdk.zones.list({ per_page: 5, order: 'name', direction: 'asc' });
    assert.ok(counter.requests - before >= 3, 'it took several pages');
    assert.deepEqual(paged.map(z => z.name), [...paged.map(z => z.name)].sort(), 'in the order asked for');
    for (const name of names) assert.equal(paged.filter(z => z.name === name).length, 1, `${name} came once`);
  });
  await step('zones.edit', async () => {
    const paused = await sdk.zones.edit({ zone_id: zone.id, paused: true });
    assert.equal(paused.paused, true);
    assert.equal((await sdk.zones.get({ zone_id: zone.id })).paused, true);
    assert.equal((await sdk.zones.edit({ zone_id: zone.id, paused: false })).paused, false);
  });
  await step('zones.activationCheck.trigger', async () => {
    assert.equal((await sdk.zones.activationCheck.trigger({ zone_id: zone.id })).id, zone.id);
  });
  await step('zones.delete', async () => {
    for (const { id, name } of await sdk.zones.list()) {
      if (name === 'sdk.test' || name.startsWith('page-')) assert.equal((await sdk.zones.delete({ zone_id: id })).id, id);
    }
    assert.equal((await sdk.zones.list({ name: 'sdk.test' })).length, 0);
    const error = await sdk.zones.get({ zone_id: zone.id }).then(() => undefined, e => e);
    assert.ok([403, 404].includes(error?.status), `it is gone, not ${error?.status}`);
  });
}
