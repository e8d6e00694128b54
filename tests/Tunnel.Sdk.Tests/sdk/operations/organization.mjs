import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';

export async function organization({ sdk, lab, account, step }) {
  const { organizations } = sdk.zeroTrust;
  const present = await step('zeroTrust.organizations.list', async () => {
    const ofAccount = await organizations.list(account);
    assert.match(ofAccount.auth_domain, /\./);
    assert.deepEqual(await organizations.list({ zone_id: lab.zone }), ofAccount, 'a zone has that of its account');
    return ofAccount;
  });
  await step('zeroTrust.organizations.update', async () => {
    const changed = await organizations.update({
      ...account, session_duration: '8h', auto_redirect_to_identity: true,
      login_design: { header_text: 'Welcome', background_color: '#c5ed1b', text_color: '#c5ed1b' },
    });
    assert.deepEqual([changed.session_duration, changed.auto_redirect_to_identity], ['8h', true]);
    const now = await organizations.list(account);
    assert.deepEqual([now.session_duration, now.login_design.header_text, now.auth_domain], ['8h', 'Welcome', present.auth_domain]);
    await assert.rejects(organizations.update({ ...account, session_duration: 'long' }), Cloudflare.BadRequestError);
    await organizations.update({ zone_id: lab.zone, session_duration: '24h', auto_redirect_to_identity: false });
    assert.equal((await organizations.list(account)).session_duration, '24h');
  });
  await step('zeroTrust.organizations.create', async () => {
    // An account has one, which is there from the start.
    const error = await organizations.create({ ...account, name: 'second', auth_domain: 'second.example.test' })
      .then(() => undefined, e => e);
    assert.ok(error instanceof Cloudflare.ConflictError, `a second one is refused, not ${error?.status}`);
    assert.equal((await organizations.list(account)).auth_domain, present.auth_domain);
  });
}
