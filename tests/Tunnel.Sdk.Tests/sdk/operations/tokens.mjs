import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

/** API tokens of the owner and of the account, and that they may do what they say and nothing else. */
export async function tokens(scenario) {
  const { sdk, account, step } = scenario;
  const inAccount = id => (id === undefined ? [account] : [id, account]);
  const ofUser = id => (id === undefined ? [] : [id]);
  await tokensOf(scenario, 'user', sdk.user.tokens, client => client.user.tokens, ofUser);
  await tokensOf(scenario, 'accounts', sdk.accounts.tokens, client => client.accounts.tokens, inAccount);
  await step('accounts.tokens.permissionGroups.get', async () => {
    const groups = await sdk.accounts.tokens.permissionGroups.get(account);
    assert.ok(groups.some(group => group.name === 'DNS Write'));
  });
}

/** The same for both kinds; they differ in where the account stands among the arguments. */
async function tokensOf({ lab, account, step, clientWith }, owner, tokens, tokensOfClient, arguments_) {
  const merged = (id, body) => {
    const args = arguments_(id);
    const last = args.at(-1);
    return typeof last === 'object' ? [...args.slice(0, -1), { ...last, ...body }] : [...args, body];
  };

  const group = await step(`${owner}.tokens.permissionGroups.list`, async () => {
    const groups = await tokens.permissionGroups.list(...merged(undefined, {}));
    const found = groups.find(g => g.name === 'Zone Read');
    assert.ok(found, `there is a group Zone Read among ${groups.map(g => g.name).join(', ')}`);
    assert.equal(new Set(groups.map(g => g.id)).size, groups.length);
    const named = await tokens.permissionGroups.list(...merged(undefined, { name: 'Zone Read' }));
    assert.ok(named.some(g => g.id === found.id) && named.length < groups.length, 'the filter name filters');
    return found;
  });

  const policies = () => [{
    effect: 'allow',
    permission_groups: [{ id: group.id }],
    resources: { [`com.cloudflare.api.account.zone.${lab.zone}`]: '*' },
  }];
  const made = await step(`${owner}.tokens.create`, async () => {
    const token = await tokens.create(...merged(undefined, { name: 'reader', policies: policies() }));
    assert.equal(token.name, 'reader');
    assert.equal(token.status, 'active');
    assert.ok(token.value.length >= 40, 'its value is told');
    const reader = clientWith(token.value);
    assert.equal((await reader.zones.get({ zone_id: lab.zone })).id, lab.zone);
    await refused(() => reader.zones.edit({ zone_id: lab.zone, paused: true }), Cloudflare.PermissionDeniedError, 9109);
    await refused(
      () => reader.zeroTrust.access.applications.list(account), Cloudflare.PermissionDeniedError, 10000);
    return token;
  });
  await step(`${owner}.tokens.verify`, async () => {
    const own = tokensOfClient(clientWith(made.value));
    assert.deepEqual(pick(await own.verify(...arguments_()), 'id', 'status'), { id: made.id, status: 'active' });
    const unknown = tokensOfClient(clientWith('x'.repeat(40)));
    await refused(() => unknown.verify(...arguments_()), Cloudflare.AuthenticationError, 1000);
  });
  await step(`${owner}.tokens.get`, async () => {
    const token = await tokens.get(...arguments_(made.id));
    assert.equal(token.name, 'reader');
    assert.ok(!('value' in token), 'its value is not told again');
    assert.equal(token.policies[0].permission_groups[0].id, group.id);
  });
  await step(`${owner}.tokens.list`, async () => {
    only(await tokens.list(...merged(undefined, {})), made.id);
    only(await tokens.list(...merged(undefined, { per_page: 5, direction: 'asc' })), made.id);
  });
  const rolled = await step(`${owner}.tokens.value.update`, async () => {
    const value = await tokens.value.update(...merged(made.id, {}));
    assert.notEqual(value, made.value);
    await clientWith(value).zones.get({ zone_id: lab.zone });
    await refused(
      () => clientWith(made.value).zones.get({ zone_id: lab.zone }), Cloudflare.APIError, 10000);
    return { value };
  });
  await step(`${owner}.tokens.update`, async () => {
    const disabled = await tokens.update(...merged(made.id, { name: 'renamed', policies: policies(), status: 'disabled' }));
    assert.equal(disabled.name, 'renamed');
    assert.equal(disabled.status, 'disabled');
    assert.equal((await tokens.get(...arguments_(made.id))).status, 'disabled');
    await refused(() => clientWith(rolled.value).zones.get({ zone_id: lab.zone }), Cloudflare.APIError, 10000);
  });
  await step(`${owner}.tokens.create`, async () => {
    const day = days => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '');
    const body = { name: 'with conditions', policies: policies(), expires_on: day(30), not_before: day(-1) };
    const elsewhere = { request_ip: { in: ['192.0.2.0/24'], not_in: ['192.0.2.9/32'] } };
    const token = await tokens.create(...merged(undefined, { ...body, condition: elsewhere }));
    assert.deepEqual(
      [Date.parse(token.expires_on), Date.parse(token.not_before)], [Date.parse(body.expires_on), Date.parse(body.not_before)]);
    assert.deepEqual(token.condition, elsewhere);
    const refusal = await clientWith(token.value).zones.get({ zone_id: lab.zone }).then(() => undefined, e => e);
    assert.ok(refusal instanceof Cloudflare.PermissionDeniedError, `it is refused from another address, not ${refusal?.status}`);
    const over = await tokens.create(...merged(undefined, { ...body, not_before: day(-2), expires_on: day(-1) })).then(t => t, e => e);
    assert.ok(over instanceof Cloudflare.APIError || over.status === 'expired', `one that is over is not ${over.status}`);
    for (const made of [token, over]) if (made.id) await tokens.delete(...arguments_(made.id));
  });
  await step(`${owner}.tokens.delete`, async () => {
    assert.equal((await tokens.delete(...arguments_(made.id))).id, made.id);
    const error = await tokens.get(...arguments_(made.id)).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
  });
}

function pick(value, ...names) {
  return Object.fromEntries(names.map(name => [name, value[name]]));
}
