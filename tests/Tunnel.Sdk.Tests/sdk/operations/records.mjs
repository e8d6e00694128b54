import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

export async function records({ sdk, lab, step, counter }) {
  const zone = { zone_id: lab.zone };
  const target = '11111111-1111-4111-8111-111111111111.cfargotunnel.com';
  const record = await step('dns.records.create', async () => {
    const made = await sdk.dns.records.create({
      ...zone, type: 'CNAME', name: 'web', content: target, proxied: true, ttl: 1, comment: 'made by the SDK',
    });
    assert.equal(made.name, `web.${lab.zoneName}`, 'a name is completed by the zone');
    assert.equal(made.comment, 'made by the SDK');
    await refused(
      () => sdk.dns.records.create({ ...zone, type: 'CNAME', name: 'web', content: 'x.example.net', ttl: 1 }),
      Cloudflare.BadRequestError, 81053);
    return made;
  });
  await step('dns.records.create', async () => {
    const structured = [
      [{ type: 'CAA', name: 'caa', data: { flags: 0, tag: 'issue', value: 'ca.example.net' } }, '0 issue "ca.example.net"'],
      [{ type: 'SRV', name: '_ssh._tcp', data: { priority: 1, weight: 2, port: 22, target: 'ssh.example.net' } }, '2 22 ssh.example.net'],
      [{ type: 'SSHFP', name: 'host', data: { algorithm: 4, type: 2, fingerprint: 'ab'.repeat(32) } }, `4 2 ${'ab'.repeat(32)}`],
    ];
    for (const [body, content] of structured) {
      const made = await sdk.dns.records.create({ ...zone, ttl: 1, ...body });
      assert.equal(made.content.replaceAll(/\s+/g, ' ').toLowerCase(), content);
      assert.deepEqual(made.data, body.data);
    }
    for (const body of [
      { type: 'A', name: 'a', content: '192.0.2.1' }, { type: 'AAAA', name: 'a', content: '2001:db8::1' },
      { type: 'TXT', name: 'txt', content: '"text"' }, { type: 'MX', name: 'mx', content: 'mail.example.net', priority: 10 },
    ]) {
      const made = await sdk.dns.records.create({ ...zone, ttl: 300, ...body });
      assert.deepEqual([made.type, made.content, made.ttl], [body.type, body.content, 300]);
    }
    await assert.rejects(
      sdk.dns.records.create({ ...zone, ttl: 1, type: 'A', name: 'bad', content: 'not an address' }), Cloudflare.BadRequestError);
  });
  await step('dns.records.get', async () => {
    assert.equal((await sdk.dns.records.get(record.id, zone)).content, target);
    await refused(() => sdk.dns.records.get('0'.repeat(32), zone), Cloudflare.NotFoundError, 81044);
  });
  await step('dns.records.list', async () => {
    only(await sdk.dns.records.list(zone), record.id);
    const exact = { ...zone, type: 'CNAME', name: { exact: record.name }, content: { endswith: 'cfargotunnel.com' } };
    assert.equal(only(await sdk.dns.records.list(exact), record.id).name, record.name);
    assert.equal((await sdk.dns.records.list(exact)).length, 1);
    only(await sdk.dns.records.list({ ...zone, name: { startswith: 'web' }, comment: { contains: 'SDK' }, proxied: true }), record.id);
    assert.equal((await sdk.dns.records.list({ ...zone, type: 'TXT' })).length, 1);
    assert.equal((await sdk.dns.records.list({ ...zone, comment: { absent: '' } })).filter(r => r.comment).length, 0);
    const any = await sdk.dns.records.list({ ...zone, match: 'any', type: 'MX', name: { exact: record.name } });
    assert.deepEqual(any.map(r => r.type).sort(), ['CNAME', 'MX']);
    const before = counter.requests;
    const paged = await sdk.dns.records.list({ ...zone, per_page: 2, order: 'type', direction: 'desc' });
    assert.ok(counter.requests - before >= 3, 'it took several pages');
    assert.equal(new Set(paged.map(r => r.id)).size, paged.length, 'no record came twice');
    assert.deepEqual(paged.map(r => r.type), paged.map(r => r.type).sort().reverse(), 'in the order asked for');
  });
  await step('dns.records.edit', async () => {
    const changed = await sdk.dns.records.edit(record.id, { ...zone, type: 'CNAME', name: 'web', ttl: 1, content: target, comment: 'changed' });
    assert.equal(changed.comment, 'changed');
    assert.equal(changed.proxied, true, 'what is not named stays');
  });
  await step('dns.records.update', async () => {
    const replaced = await sdk.dns.records.update(record.id, { ...zone, type: 'CNAME', name: 'web2', ttl: 120, content: target });
    assert.deepEqual([replaced.id, replaced.name, replaced.ttl, replaced.proxied], [record.id, `web2.${lab.zoneName}`, 120, false]);
    assert.equal((await sdk.dns.records.get(record.id, zone)).name, `web2.${lab.zoneName}`);
    await refused(
      () => sdk.dns.records.update('0'.repeat(32), { ...zone, type: 'A', name: 'x', ttl: 1, content: '192.0.2.9' }),
      Cloudflare.NotFoundError, 81044);
  });
  await step('dns.records.batch', async () => {
    const [a] = await sdk.dns.records.list({ ...zone, type: 'A' });
    const [txt] = await sdk.dns.records.list({ ...zone, type: 'TXT' });
    const [mx] = await sdk.dns.records.list({ ...zone, type: 'MX' });
    const done = await sdk.dns.records.batch({
      ...zone,
      deletes: [{ id: a.id }],
      patches: [{ id: txt.id, comment: 'patched' }],
      puts: [{ id: mx.id, type: 'MX', name: 'mx', content: 'mail2.example.net', priority: 20, ttl: 1 }],
      posts: [{ type: 'A', name: 'posted', content: '192.0.2.7', ttl: 1 }],
    });
    assert.equal(done.deletes[0].id, a.id);
    assert.equal(done.patches[0].comment, 'patched');
    assert.equal(done.puts[0].content, 'mail2.example.net');
    assert.equal(done.posts[0].name, `posted.${lab.zoneName}`);
    // All or nothing.
    await assert.rejects(sdk.dns.records.batch({
      ...zone,
      deletes: [{ id: txt.id }],
      posts: [{ type: 'A', name: 'bad', content: 'not an address', ttl: 1 }],
    }), Cloudflare.BadRequestError);
    assert.equal((await sdk.dns.records.get(txt.id, zone)).id, txt.id);
  });
  await step('dns.records.export', async () => {
    const file = await sdk.dns.records.export(zone);
    assert.match(file, new RegExp(`^web2\\.${lab.zoneName.replace('.', '\\.')}\\.\\s+120\\s+IN\\s+CNAME\\s+${target.replaceAll('.', '\\.')}\\.`, 'm'));
  });
  await step('dns.records.delete', async () => {
    for (const { id } of await sdk.dns.records.list(zone)) {
      if (!lab.keptRecords.includes(id)) assert.equal((await sdk.dns.records.delete(id, zone)).id, id);
    }
    await refused(() => sdk.dns.records.get(record.id, zone), Cloudflare.NotFoundError, 81044);
    await refused(() => sdk.dns.records.delete(record.id, zone), Cloudflare.NotFoundError, 81044);
  });
}
