import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

export async function tunnels(scenario) {
  await tunnelsAsSuch(scenario);
  await configurations(scenario);
  await connections(scenario);
}

async function tunnelsAsSuch({ sdk, account, step, counter }) {
  const { cloudflared } = sdk.zeroTrust.tunnels;
  const secret = Buffer.alloc(32, 7).toString('base64');
  const tunnel = await step('zeroTrust.tunnels.cloudflared.create', async () => {
    const made = await cloudflared.create({ ...account, name: 'sdk', config_src: 'local', tunnel_secret: secret });
    assert.equal(made.name, 'sdk');
    assert.equal(made.status, 'inactive');
    await refused(() => cloudflared.create({ ...account, name: 'sdk' }), Cloudflare.ConflictError, 1013);
    await assert.rejects(cloudflared.create({ ...account, name: 'short', tunnel_secret: 'c2hvcnQ=' }), Cloudflare.BadRequestError);
    return made;
  });
  await step('zeroTrust.tunnels.cloudflared.get', async () => {
    assert.equal((await cloudflared.get(tunnel.id, account)).name, 'sdk');
    await refused(() => cloudflared.get('00000000-0000-4000-8000-000000000000', account), Cloudflare.NotFoundError, 1003);
  });
  await step('zeroTrust.tunnels.cloudflared.edit', async () => {
    assert.equal((await cloudflared.edit(tunnel.id, { ...account, name: 'sdk-renamed' })).name, 'sdk-renamed');
    assert.equal((await cloudflared.get(tunnel.id, account)).name, 'sdk-renamed');
  });
  const others = [];
  await step('zeroTrust.tunnels.cloudflared.list', async () => {
    for (let i = 0; i < 5; i++) others.push(await cloudflared.create({ ...account, name: `other-${i}` }));
    const list = filter => cloudflared.list({ ...account, is_deleted: false, ...filter });
    only(await list({}), tunnel.id);
    only(await list({ name: 'sdk-renamed' }), tunnel.id);
    assert.equal((await list({ name: 'sdk' })).length, 0);
    only(await list({ uuid: tunnel.id }), tunnel.id);
    assert.equal((await list({ include_prefix: 'other-' })).length, 5);
    assert.equal((await list({ exclude_prefix: 'other-' })).filter(t => t.name.startsWith('other-')).length, 0);
    only(await list({ status: 'inactive' }), tunnel.id);
    assert.equal((await list({ status: 'down' })).length, 0);
    only(await list({ existed_at: new Date(Date.now() + 60_000).toISOString() }), tunnel.id);
    assert.equal((await list({ existed_at: '2020-01-01T00:00:00Z' })).length, 0);
    const before = counter.requests;
    const paged = await list({ per_page: 2 });
    assert.ok(counter.requests - before >= 3, 'it took several pages');
    assert.equal(new Set(paged.map(t => t.id)).size, paged.length, 'no tunnel came twice');
    for (const other of others) only(paged, other.id);
  });
  await step('zeroTrust.tunnels.list', async () => {
    only(await sdk.zeroTrust.tunnels.list({ ...account, is_deleted: false, tun_types: ['cfd_tunnel'] }), tunnel.id);
    only(await sdk.zeroTrust.tunnels.list({ ...account, name: 'sdk-renamed' }), tunnel.id);
  });
  await step('zeroTrust.tunnels.cloudflared.token.get', async () => {
    const token = JSON.parse(Buffer.from(await cloudflared.token.get(tunnel.id, account), 'base64').toString());
    assert.deepEqual([token.a, token.t, token.s], [account.account_id, tunnel.id, secret]);
  });
  await step('zeroTrust.tunnels.cloudflared.management.create', async () => {
    const token = await cloudflared.management.create(tunnel.id, { ...account, resources: ['logs'] });
    assert.equal(token.split('.').length, 3, 'it is a JWT');
    assert.notEqual(await cloudflared.management.create(tunnel.id, { ...account, resources: ['logs'] }), '');
  });
  await step('zeroTrust.tunnels.cloudflared.delete', async () => {
    const deleted = await cloudflared.delete(tunnel.id, account);
    assert.ok(deleted.deleted_at, 'it says when it was deleted');
    only(await cloudflared.list({ ...account, is_deleted: true }), tunnel.id);
    assert.equal((await cloudflared.list({ ...account, is_deleted: false, uuid: tunnel.id })).length, 0);
    await refused(() => cloudflared.delete(tunnel.id, account), Cloudflare.NotFoundError, 1003);
    for (const other of others) await cloudflared.delete(other.id, account);
  });
}

const everyOriginSetting = {
  access: { required: true, teamName: 'example', audTag: ['ab'.repeat(32)] },
  caPool: '/etc/ca.pem', connectTimeout: 10, disableChunkedEncoding: false, http2Origin: true, httpHostHeader: 'inner.example.test',
  keepAliveConnections: 100, keepAliveTimeout: 90, matchSNItoHost: false, noHappyEyeballs: false, noTLSVerify: false,
  originServerName: 'inner.example.test', proxyType: '', tcpKeepAlive: 30, tlsTimeout: 10,
};

async function configurations({ sdk, account, step }) {
  const { cloudflared } = sdk.zeroTrust.tunnels;
  const tunnel = await cloudflared.create({ ...account, name: 'remote', config_src: 'cloudflare' });
  const ingress = [{ hostname: 'ssh.example.test', service: 'ssh://localhost:22' }, { service: 'http_status:404' }];
  await step('zeroTrust.tunnels.cloudflared.configurations.get', async () => {
    assert.equal((await cloudflared.configurations.get(tunnel.id, account)).tunnel_id, tunnel.id);
  });
  await step('zeroTrust.tunnels.cloudflared.configurations.update', async () => {
    const first = await cloudflared.configurations.update(tunnel.id, { ...account, config: { ingress } });
    assert.equal(first.config.ingress[0].hostname, 'ssh.example.test');
    const second = await cloudflared.configurations.update(
      tunnel.id, { ...account, config: { ingress: [{ ...ingress[0], path: 'x', originRequest: everyOriginSetting }, ingress[1]], originRequest: { connectTimeout: 5 } } });
    assert.equal(second.version, first.version + 1);
    const present = await cloudflared.configurations.get(tunnel.id, account);
    assert.equal(present.version, second.version);
    assert.equal(present.config.originRequest.connectTimeout, 5);
    assert.deepEqual(present.config.ingress[0].originRequest, everyOriginSetting, 'every setting comes back as it was given');
    await refused(
      () => cloudflared.configurations.update(tunnel.id, { ...account, config: { ingress: [ingress[0]] } }),
      Cloudflare.BadRequestError, 1056);
  });
  await cloudflared.delete(tunnel.id, account);
}

/** On a tunnel whose connector the test runs. */
async function connections({ sdk, lab, account, step }) {
  const { cloudflared } = sdk.zeroTrust.tunnels;
  const client = await step('zeroTrust.tunnels.cloudflared.connections.get', async () => {
    const clients = await cloudflared.connections.get(lab.connectedTunnel, account);
    assert.equal(clients.length, 1);
    assert.equal(clients[0].conns.length, 4);
    assert.equal((await cloudflared.get(lab.connectedTunnel, account)).status, 'healthy');
    assert.equal((await cloudflared.list({ ...account, status: 'healthy' })).length, 1);
    return clients[0];
  });
  await step('zeroTrust.tunnels.cloudflared.connectors.get', async () => {
    const connector = await cloudflared.connectors.get(client.id, { ...account, tunnel_id: lab.connectedTunnel });
    assert.equal(connector.id, client.id);
    assert.equal(connector.conns.length, 4);
    const stranger = '00000000-0000-4000-8000-000000000000';
    await assert.rejects(
      cloudflared.connectors.get(stranger, { ...account, tunnel_id: lab.connectedTunnel }), Cloudflare.NotFoundError);
  });
  await step('zeroTrust.tunnels.cloudflared.delete', async () => {
    await refused(() => cloudflared.delete(lab.connectedTunnel, account), Cloudflare.BadRequestError, 1022);
  });
  await step('zeroTrust.tunnels.cloudflared.connections.delete', async () => {
    const before = new Set(client.conns.map(c => c.id));
    await cloudflared.connections.delete(lab.connectedTunnel, { ...account, client_id: client.id });
    await eventually(async () => {
      const now = (await cloudflared.connections.get(lab.connectedTunnel, account)).flatMap(c => c.conns);
      return now.length === 4 && now.every(c => !before.has(c.id));
    }, 'the connector is back with four other connections');
  });
}

async function eventually(holds, what) {
  const end = Date.now() + 30_000;
  while (!await holds()) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await new Promise(resume => setTimeout(resume, 100));
  }
}
