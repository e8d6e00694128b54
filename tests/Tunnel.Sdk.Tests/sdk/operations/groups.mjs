import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only } from '../checks/scenario.mjs';

/** Every selector that a group or policy may hold, as the API writes it. */
export const everySelector = [
  { email: { email: 'alice@example.test' } },
  { email_domain: { domain: 'example.test' } },
  { everyone: {} },
  { ip: { ip: '192.0.2.0/24' } },
  { geo: { country_code: 'NL' } },
  { any_valid_service_token: {} },
  { certificate: {} },
  { common_name: { common_name: 'laptop' } },
  { auth_method: { auth_method: 'mfa' } },
  { email_list: { id: 'aa0a4aab672b4bdbbc33a59b8283a8ed' } },
  { ip_list: { id: 'aa0a4aab672b4bdbbc33a59b8283a8ee' } },
  { 'github-organization': { identity_provider_id: '11111111-1111-4111-8111-111111111111', name: 'example', team: 'ops' } },
  { gsuite: { identity_provider_id: '11111111-1111-4111-8111-111111111111', email: 'devs@example.test' } },
  { okta: { identity_provider_id: '11111111-1111-4111-8111-111111111111', name: 'devs' } },
  { azureAD: { identity_provider_id: '11111111-1111-4111-8111-111111111111', id: 'devs' } },
  { saml: { identity_provider_id: '11111111-1111-4111-8111-111111111111', attribute_name: 'group', attribute_value: 'devs' } },
  { oidc: { identity_provider_id: '11111111-1111-4111-8111-111111111111', claim_name: 'group', claim_value: 'devs' } },
  { external_evaluation: { evaluate_url: 'https://eval.example.test', keys_url: 'https://eval.example.test/keys' } },
  { login_method: { id: '11111111-1111-4111-8111-111111111111' } },
  { auth_context: { id: '22222222-2222-4222-8222-222222222222', ac_id: 'c1', identity_provider_id: '11111111-1111-4111-8111-111111111111' } },
  { linked_app_token: { app_uid: '33333333-3333-4333-8333-333333333333' } },
  { user_risk_score: { user_risk_score: ['low', 'unscored'] } },
  { cloudflare_account_member: {} },
  { device_posture: { integration_uid: 'aa0a4aab672b4bdbbc33a59b8283a8ef' } },
];

export async function groups({ sdk, lab, account, step }) {
  const { groups } = sdk.zeroTrust.access;
  for (const owner of [account, { zone_id: lab.zone }]) {
    const where = Object.keys(owner)[0];
    const group = await step('zeroTrust.access.groups.create', async () => {
      const made = await groups.create({
        ...owner, name: `admins ${where}`, include: everySelector,
        require: [{ email_domain: { domain: 'example.test' } }], exclude: [{ email: { email: 'eve@example.test' } }],
      });
      assert.equal(made.name, `admins ${where}`);
      assert.deepEqual(made.include, everySelector, 'every selector comes back as it was given');
      await assert.rejects(groups.create({ ...owner, name: 'empty', include: [] }), Cloudflare.BadRequestError);
      return made;
    });
    await step('zeroTrust.access.groups.get', async () => {
      const present = await groups.get(group.id, owner);
      assert.deepEqual(present.exclude, [{ email: { email: 'eve@example.test' } }]);
    });
    await step('zeroTrust.access.groups.list', async () => {
      only(await groups.list(owner), group.id);
      only(await groups.list({ ...owner, name: `admins ${where}` }), group.id);
      only(await groups.list({ ...owner, search: 'admins' }), group.id);
      assert.equal((await groups.list({ ...owner, name: 'nobody' })).length, 0);
    });
    await step('zeroTrust.access.groups.update', async () => {
      const include = [{ email: { email: 'bob@example.test' } }];
      const changed = await groups.update(group.id, { ...owner, name: `renamed ${where}`, include });
      assert.deepEqual([changed.name, changed.include], [`renamed ${where}`, include]);
      assert.deepEqual((await groups.get(group.id, owner)).require, [], 'what is not named is gone');
      const outer = await groups.create({ ...owner, name: `all ${where}`, include: [{ group: { id: group.id } }] });
      assert.deepEqual(outer.include, [{ group: { id: group.id } }]);
      await assert.rejects(groups.delete(group.id, owner), Cloudflare.APIError, 'a group that another one names stays');
      await groups.delete(outer.id, owner);
    });
    await step('zeroTrust.access.groups.delete', async () => {
      assert.equal((await groups.delete(group.id, owner)).id, group.id);
      const error = await groups.get(group.id, owner).then(() => undefined, e => e);
      assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
    });
  }
}
