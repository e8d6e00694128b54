import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only, refused } from '../checks/scenario.mjs';

export async function applications(scenario) {
  await ofOwner(scenario, scenario.account, 'account');
  await ofOwner(scenario, { zone_id: scenario.lab.zone }, 'zone');
}

async function ofOwner(scenario, owner, where) {
  const { sdk, lab, account, step } = scenario;
  const { applications } = sdk.zeroTrust.access;
  const domain = `app-of-${where}.${lab.zoneName}`;
  const app = await step('zeroTrust.access.applications.create', async () => {
    const made = await applications.create({
      ...owner, type: 'self_hosted', domain, name: `app of ${where}`, session_duration: '12h', app_launcher_visible: false,
      auto_redirect_to_identity: false, service_auth_401_redirect: true, http_only_cookie_attribute: true,
      custom_deny_message: 'Not you', allowed_idps: [], tags: [],
      policies: [{ name: 'inline', decision: 'allow', include: [{ email: { email: 'alice@example.test' } }] }],
    });
    assert.deepEqual([made.name, made.domain, made.session_duration], [`app of ${where}`, domain, '12h']);
    assert.match(made.aud, /^[0-9a-f]{64}$/);
    assert.equal(made.policies.length, 1);
    await refused(() => applications.create({ ...owner, type: 'self_hosted', domain }), Cloudflare.ConflictError, 11010);
    await assert.rejects(
      applications.create({ ...owner, type: 'self_hosted', domain: 'not-of-ours.example.org' }), Cloudflare.BadRequestError);
    return made;
  });
  await step('zeroTrust.access.applications.create', async () => {
    const ssh = await applications.create({ ...owner, type: 'ssh', domain: `ssh-of-${where}.${lab.zoneName}`, name: 'ssh' });
    assert.equal(ssh.type, 'ssh');
    assert.equal((await applications.get(ssh.id, owner)).type, 'ssh');
    await applications.delete(ssh.id, owner);
  });
  await step('zeroTrust.access.applications.get', async () => {
    const present = await applications.get(app.id, owner);
    assert.deepEqual([present.id, present.aud, present.custom_deny_message], [app.id, app.aud, 'Not you']);
    await refused(
      () => applications.get('00000000-0000-4000-8000-000000000000', owner), Cloudflare.NotFoundError, 11021);
  });
  await step('zeroTrust.access.applications.list', async () => {
    only(await applications.list(owner), app.id);
    only(await applications.list({ ...owner, domain, exact: true }), app.id);
    only(await applications.list({ ...owner, name: 'app of' }), app.id);
    only(await applications.list({ ...owner, aud: app.aud }), app.id);
    only(await applications.list({ ...owner, search: `of-${where}` }), app.id);
    only(await applications.list({ ...owner, per_page: 1 }), app.id);
    assert.equal((await applications.list({ ...owner, domain: 'nothing.example.test' })).length, 0);
  });
  await step('zeroTrust.access.applications.update', async () => {
    const changed = await applications.update(app.id, { ...app, ...owner, name: 'renamed', session_duration: '30m' });
    assert.deepEqual([changed.name, changed.session_duration, changed.aud], ['renamed', '30m', app.aud]);
    assert.equal(changed.policies[0]?.id, app.policies[0].id, 'its policies stay');
    assert.equal((await applications.get(app.id, owner)).name, 'renamed');
    await refused(() => applications.update('00000000-0000-4000-8000-000000000000', {
      ...owner, type: 'self_hosted', domain: `x.${lab.zoneName}`,
    }), Cloudflare.NotFoundError, 11021);
  });
  await step('zeroTrust.access.applications.settings.edit', async () => {
    assert.equal((await applications.settings.edit(app.id, { ...owner, skip_interstitial: true })).skip_interstitial, true);
    assert.equal((await applications.get(app.id, owner)).skip_interstitial, true);
  });
  await step('zeroTrust.access.applications.settings.update', async () => {
    const settings = await applications.settings.update(app.id, { ...owner, allow_iframe: true });
    assert.deepEqual([settings.allow_iframe, settings.skip_interstitial], [true, false], 'what is not named is reset');
  });
  await policiesOf(scenario, app, owner);
  await authorityOf(scenario, app, owner);
  await step('zeroTrust.access.applications.revokeTokens', async () => {
    await applications.revokeTokens(app.id, owner);
    await refused(
      () => applications.revokeTokens('00000000-0000-4000-8000-000000000000', owner), Cloudflare.NotFoundError, 11021);
  });
  await step('zeroTrust.access.applications.delete', async () => {
    assert.equal((await applications.delete(app.id, owner)).id, app.id);
    await refused(() => applications.get(app.id, owner), Cloudflare.NotFoundError, 11021);
    await refused(() => applications.delete(app.id, account), Cloudflare.NotFoundError, 11021);
  });
}

async function policiesOf({ sdk, step }, app, owner) {
  const { policies } = sdk.zeroTrust.access.applications;
  const inApp = { app_id: app.id, ...owner };
  const policy = await step('zeroTrust.access.applications.policies.create', async () => {
    const made = await policies.create(app.id, {
      ...owner, name: 'mine', decision: 'allow', include: [{ email_domain: { domain: 'example.test' } }],
      exclude: [{ email: { email: 'eve@example.test' } }], precedence: 5, session_duration: '1h',
    });
    assert.deepEqual([made.name, made.decision, made.precedence], ['mine', 'allow', 5]);
    await refused(() => policies.create(app.id, {
      ...owner, name: 'mine', decision: 'allow', include: [{ everyone: {} }], precedence: 5,
    }), Cloudflare.BadRequestError, 12130);
    return made;
  });
  await step('zeroTrust.access.applications.policies.get', async () => {
    assert.deepEqual((await policies.get(policy.id, inApp)).exclude, [{ email: { email: 'eve@example.test' } }]);
  });
  await step('zeroTrust.access.applications.policies.list', async () => {
    const all = await policies.list(app.id, owner);
    only(all, policy.id);
    assert.equal(all.length, 2);
  });
  await step('zeroTrust.access.applications.policies.update', async () => {
    const changed = await policies.update(policy.id, { ...inApp, name: 'mine2', decision: 'deny', include: [{ everyone: {} }] });
    assert.deepEqual([changed.name, changed.decision], ['mine2', 'deny']);
    assert.equal((await policies.get(policy.id, inApp)).decision, 'deny');
  });
  await step('zeroTrust.access.applications.policies.delete', async () => {
    assert.equal((await policies.delete(policy.id, inApp)).id, policy.id);
    const error = await policies.get(policy.id, inApp).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
  });
}

/** Its certificate authority for short-lived SSH certificates. */
async function authorityOf({ sdk, step }, app, owner) {
  const { cas } = sdk.zeroTrust.access.applications;
  const authority = await step('zeroTrust.access.applications.cas.create', async () => {
    const made = await cas.create(app.id, owner);
    assert.match(made.public_key, /^ecdsa-sha2-nistp256 [A-Za-z0-9+/=]+/);
    return made;
  });
  await step('zeroTrust.access.applications.cas.get', async () => {
    assert.equal((await cas.get(app.id, owner)).public_key, authority.public_key);
  });
  await step('zeroTrust.access.applications.cas.list', async () => {
    assert.equal(only(await cas.list(owner), authority.id).public_key, authority.public_key);
  });
  await step('zeroTrust.access.applications.cas.delete', async () => {
    await cas.delete(app.id, owner);
    const error = await cas.get(app.id, owner).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
    assert.equal((await cas.list(owner)).filter(ca => ca.id === authority.id).length, 0);
  });
}
