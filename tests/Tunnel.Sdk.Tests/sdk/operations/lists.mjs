import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only } from '../checks/scenario.mjs';

export async function lists({ sdk, account, step }) {
  const { lists } = sdk.zeroTrust.gateway;
  const values = async id => (await lists.items.list(id, account)).map(item => item.value);
  const list = await step('zeroTrust.gateway.lists.create', async () => {
    const items = [{ value: 'alice@example.test', description: 'on call' }, { value: 'bob@example.test' }];
    const made = await lists.create({ ...account, name: 'operators', type: 'EMAIL', description: 'Who may', items });
    assert.deepEqual([made.name, made.type, made.description], ['operators', 'EMAIL', 'Who may']);
    assert.deepEqual(made.items.map(item => item.value), ['alice@example.test', 'bob@example.test']);
    for (const type of ['SERIAL', 'URL', 'DOMAIN', 'IP', 'CATEGORY', 'LOCATION', 'DEVICE', 'AAGUID']) {
      const other = await lists.create({ ...account, name: `a ${type}`, type });
      await lists.delete(other.id, account);
    }
    await assert.rejects(lists.create({ ...account, name: 'odd', type: 'PHONE' }), Cloudflare.BadRequestError);
    await assert.rejects(
      lists.create({ ...account, name: 'odd', type: 'IP', items: [{ value: 'nowhere' }] }), Cloudflare.BadRequestError);
    return made;
  });
  await step('zeroTrust.gateway.lists.get', async () => {
    const present = await lists.get(list.id, account);
    assert.deepEqual([present.id, present.count], [list.id, 2]);
  });
  await step('zeroTrust.gateway.lists.list', async () => {
    only(await lists.list(account), list.id);
    only(await lists.list({ ...account, type: 'EMAIL' }), list.id);
    only(await lists.list({ ...account, filter: ['name:OPER', 'item_count:2'], order_by: 'name', direction: 'desc' }), list.id);
    assert.equal((await lists.list({ ...account, search: 'nobody' })).length, 0);
  });
  await step('zeroTrust.gateway.lists.items.list', async () => {
    const all = await lists.items.list(list.id, { ...account, per_page: 1 });
    assert.deepEqual(all.map(item => item.value), ['alice@example.test', 'bob@example.test'], 'of both pages');
    assert.deepEqual([all[0].description, all[1].description], ['on call', undefined]);
  });
  await step('zeroTrust.gateway.lists.edit', async () => {
    const append = [{ value: 'carol@example.test' }];
    const changed = await lists.edit(list.id, { ...account, append, remove: ['bob@example.test'] });
    assert.equal(changed.count, 2);
    assert.deepEqual(await values(list.id), ['alice@example.test', 'carol@example.test']);
  });
  await step('zeroTrust.gateway.lists.update', async () => {
    const renamed = await lists.update(list.id, { ...account, name: 'people' });
    assert.deepEqual([renamed.name, renamed.count], ['people', 2], 'what is not named stays');
    await lists.update(list.id, { ...account, name: 'people', items: [{ value: 'dave@example.test' }] });
    assert.deepEqual(await values(list.id), ['dave@example.test']);
  });
  await step('zeroTrust.gateway.lists.delete', async () => {
    const { groups } = sdk.zeroTrust.access;
    const group = await groups.create({ ...account, name: 'named', include: [{ email_list: { id: list.id } }] });
    await assert.rejects(lists.delete(list.id, account), Cloudflare.BadRequestError, 'a list that a group names stays');
    await groups.delete(group.id, account);
    await lists.delete(list.id, account);
    const error = await lists.get(list.id, account).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
  });
}
