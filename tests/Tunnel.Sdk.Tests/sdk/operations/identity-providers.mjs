import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only } from '../checks/scenario.mjs';

const secret = 'the-secret-of-the-client';

/** What each type wants beside a client's id and secret. */
const types = {
  github: {}, google: {}, facebook: {}, linkedin: {}, yandex: {},
  'google-apps': { apps_domain: 'example.test' },
  okta: { okta_account: 'https://example.okta.test' },
  azureAD: { directory_id: '11111111-1111-4111-8111-111111111111', support_groups: true, prompt: 'login' },
  onelogin: { onelogin_account: 'https://example.onelogin.test' },
  pingone: { ping_env_id: '342b5660-0c32-4936-a5a4-ce21fae57b0a' },
  centrify: { centrify_account: 'https://example.centrify.test', centrify_app_id: 'app' },
};

export async function identityProviders({ sdk, lab, account, step }) {
  const providers = sdk.zeroTrust.identityProviders;
  for (const owner of [account, { zone_id: lab.zone }]) {
    const config = {
      client_id: 'tunnel', client_secret: secret, auth_url: 'https://idp.example.test/authorize',
      token_url: 'https://idp.example.test/token', certs_url: 'https://idp.example.test/keys',
      scopes: ['openid', 'email'], claims: ['groups'], email_claim_name: 'email', pkce_enabled: true,
    };
    const provider = await step('zeroTrust.identityProviders.create', async () => {
      const made = await providers.create({ ...owner, type: 'oidc', name: 'Example', config });
      assert.deepEqual([made.type, made.name, made.config.client_id], ['oidc', 'Example', 'tunnel']);
      await assert.rejects(providers.create({ ...owner, type: 'nothing', name: 'x', config: {} }), Cloudflare.BadRequestError);
      return made;
    });
    await step('zeroTrust.identityProviders.get', async () => {
      const present = await providers.get(provider.id, owner);
      assert.equal(present.config.auth_url, config.auth_url);
      assert.notEqual(present.config.client_secret, secret, 'its secret is not told again');
      const error = await providers.get('00000000-0000-4000-8000-000000000000', owner).then(() => undefined, e => e);
      assert.ok(error instanceof Cloudflare.NotFoundError, `an unknown one is not found, not ${error?.status}`);
    });
    await step('zeroTrust.identityProviders.list', async () => {
      const all = await providers.list(owner);
      only(all, provider.id);
      assert.ok(all.some(p => p.type === 'onetimepin'), 'there is a one-time PIN');
      assert.ok(!JSON.stringify(all).includes(secret), 'no secret in the list');
    });
    await step('zeroTrust.identityProviders.update', async () => {
      const present = await providers.get(provider.id, owner);
      const changed = await providers.update(provider.id, { ...owner, type: 'oidc', name: 'Renamed', config: { ...present.config, pkce_enabled: false } });
      assert.deepEqual([changed.name, changed.config.pkce_enabled], ['Renamed', false]);
      assert.equal((await providers.get(provider.id, owner)).name, 'Renamed');
    });
    await step('zeroTrust.identityProviders.delete', async () => {
      assert.equal((await providers.delete(provider.id, owner)).id, provider.id);
      const error = await providers.get(provider.id, owner).then(() => undefined, e => e);
      assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
    });
  }
  await step('zeroTrust.identityProviders.create', async () => {
    for (const [type, config] of Object.entries(types)) {
      const { id } = await providers.create({ ...account, type, name: type, config: { client_id: 'tunnel', client_secret: secret, ...config } });
      const present = await providers.get(id, account);
      assert.equal(present.type, type);
      for (const [name, value] of Object.entries(config)) assert.equal(present.config[name], value, `${type} keeps ${name}`);
      await providers.delete(id, account);
    }
  });
}
