import Cloudflare from 'cloudflare';
import assert from 'node:assert/strict';
import { only } from '../checks/scenario.mjs';

/** A root authority of this test alone, valid until 2126; its key was thrown away. */
const root = `-----BEGIN CERTIFICATE-----
MIIBkDCCATWgAwIBAgIUdp15xtwUbna7uzTaUKzrr56BaKAwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRRGV2aWNlcyBvZiBhIHRlc3QwIBcNMjYxMTIyMjM0ODAxWhgP
MjEyNjEwMjkyMzQ4MDFaMBwxGjAYBgNVBAMMEURldmljZXMgb2YgYSB0ZXN0MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsrz5wXd0gELJrZWOIfOX5PVHJFaKeKYR
3n182DrFQPXKVIezHwv+nEp0/f7eM0LSnHbrDBMnXmj3EfDYDnnQlKNTMFEwHQYD
VR0OBBYEFIdThOLw68T4xpywbYN2umo2vf1+MB8GA1UdIwQYMBaAFIdThOLw68T4
xpywbYN2umo2vf1+MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIh
AOTSIV1cRwyFWeHH2/eLPCn7dyYa2SmgdVaTb86nl3S0AiEAr4pflUFOguP9A2cT
iFUxBdhyOQVz15Z1phDaJE327Ro=
-----END CERTIFICATE-----`;

export async function certificates({ sdk, lab, account, step }) {
  const { certificates } = sdk.zeroTrust.access;
  for (const owner of [account, { zone_id: lab.zone }]) {
    const where = Object.keys(owner)[0];
    const authority = await step('zeroTrust.access.certificates.create', async () => {
      const made = await certificates.create({
        ...owner, name: `devices ${where}`, certificate: root, associated_hostnames: [`mtls.${lab.zoneName ?? 'example.test'}`],
      });
      assert.equal(made.name, `devices ${where}`);
      await assert.rejects(certificates.create({ ...owner, name: 'again', certificate: root }), Cloudflare.ConflictError);
      await assert.rejects(certificates.create({ ...owner, name: 'empty', certificate: '' }), Cloudflare.BadRequestError);
      return made;
    });
    await step('zeroTrust.access.certificates.get', async () => {
      assert.equal((await certificates.get(authority.id, owner)).fingerprint, authority.fingerprint);
    });
    await step('zeroTrust.access.certificates.list', async () => only(await certificates.list(owner), authority.id));
    await step('zeroTrust.access.certificates.update', async () => {
      await assert.rejects(certificates.delete(authority.id, owner), Cloudflare.APIError, 'one that counts somewhere stays');
      const changed = await certificates.update(authority.id, { ...owner, name: `none ${where}`, associated_hostnames: [] });
      assert.deepEqual([changed.name, changed.associated_hostnames], [`none ${where}`, []]);
    });
    await step('zeroTrust.access.certificates.delete', async () => {
      assert.equal((await certificates.delete(authority.id, owner)).id, authority.id);
      await assert.rejects(certificates.get(authority.id, owner), Cloudflare.NotFoundError);
    });
  }
}
