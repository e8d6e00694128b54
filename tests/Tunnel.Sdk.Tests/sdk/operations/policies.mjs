import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only } from '../checks/scenario.mjs';
import { everySelector } from './groups.mjs';

/** Reusable policies: of the account, attached to applications by their identifiers. */
export async function policies({ sdk, account, step }) {
  const { policies, applications } = sdk.zeroTrust.access;
  const policy = await step('zeroTrust.access.policies.create', async () => {
    const made = await policies.create({
      ...account, name: 'staff', decision: 'allow', include: everySelector, session_duration: '1h',
      require: [{ geo: { country_code: 'NL' } }], purpose_justification_required: true, purpose_justification_prompt: 'Why?',
      approval_required: true, approval_groups: [{ approvals_needed: 1, email_addresses: ['boss@example.test'] }],
    });
    assert.deepEqual([made.name, made.decision, made.session_duration, made.reusable], ['staff', 'allow', '1h', true]);
    assert.deepEqual([made.purpose_justification_prompt, made.approval_groups[0].approvals_needed], ['Why?', 1]);
    assert.deepEqual(made.include, everySelector, 'every selector comes back as it was given');
    await assert.rejects(policies.create({ ...account, name: 'x', decision: 'maybe', include: [{ everyone: {} }] }), Cloudflare.BadRequestError);
    return made;
  });
  await step('zeroTrust.access.policies.get', async () => {
    assert.deepEqual((await policies.get(policy.id, account)).require, [{ geo: { country_code: 'NL' } }]);
  });
  await step('zeroTrust.access.policies.list', async () => {
    only(await policies.list(account), policy.id);
    only(await policies.list({ ...account, per_page: 1 }), policy.id);
  });
  await step('zeroTrust.access.policies.update', async () => {
    const changed = await policies.update(policy.id, { ...account, name: 'renamed', decision: 'deny', include: [{ everyone: {} }] });
    assert.deepEqual([changed.name, changed.decision], ['renamed', 'deny']);
    assert.equal((await policies.get(policy.id, account)).decision, 'deny');
  });
  await step('zeroTrust.access.policies.get', async () => {
    const app = await applications.create({
      ...account, type: 'self_hosted', name: 'with a reusable policy', domain: 'reusable.example.test',
      policies: [{ id: policy.id, precedence: 3 }],
    });
    assert.equal(app.policies.find(p => p.id === policy.id)?.precedence, 3, 'it is attached where it was asked for');
    assert.equal((await policies.get(policy.id, account)).app_count, 1);
    await assert.rejects(policies.delete(policy.id, account), Cloudflare.APIError, 'it stays while an application has it');
    await applications.delete(app.id, account);
    assert.equal((await policies.get(policy.id, account)).app_count, 0);
  });
  await step('zeroTrust.access.policies.delete', async () => {
    assert.equal((await policies.delete(policy.id, account)).id, policy.id);
    const error = await policies.get(policy.id, account).then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.NotFoundError, `it is gone, not ${error?.status}`);
  });
}
