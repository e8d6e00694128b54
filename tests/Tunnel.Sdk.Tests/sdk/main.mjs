// Does every operation of operations.json with Cloudflare's SDK, at the edge that the environment names, and writes one
// line of JSON for each: name, ok, detail, notes.
//
//   TUNNEL_SDK_LAB  JSON: address (of the API, with its path), account, token, and what the test prepared.
import Cloudflare from 'cloudflare';
import { readFile } from 'node:fs/promises';
import { checkedClient, envelopeFetch } from './checks/checked-client.mjs';
import { Conformance } from './checks/conformance.mjs';
import { Report } from './checks/report.mjs';
import { Scenario, tell } from './checks/scenario.mjs';
import { SdkTypes } from './checks/sdk-types.mjs';
import { selfTest } from './checks/self-test.mjs';
import { reportUnserved } from './checks/unserved.mjs';
import { accounts } from './operations/accounts.mjs';
import { applications } from './operations/applications.mjs';
import { certificates } from './operations/certificates.mjs';
import { groups } from './operations/groups.mjs';
import { identityProviders } from './operations/identity-providers.mjs';
import { keys } from './operations/keys.mjs';
import { lists } from './operations/lists.mjs';
import { organization } from './operations/organization.mjs';
import { people } from './operations/people.mjs';
import { policies } from './operations/policies.mjs';
import { records } from './operations/records.mjs';
import { serviceTokens } from './operations/service-tokens.mjs';
import { tokens } from './operations/tokens.mjs';
import { tunnels } from './operations/tunnels.mjs';
import { zones } from './operations/zones.mjs';

const lab = JSON.parse(process.env.TUNNEL_SDK_LAB);
const operations = JSON.parse(await readFile(new URL('operations.json', import.meta.url)));
const report = new Report(operations.served);
const envelopeProblems = new Set();
const { fetch, counter } = envelopeFetch(problem => envelopeProblems.add(problem));
const types = new SdkTypes();
const conformance = new Conformance(types.checker);
const clientWith = apiToken => checkedClient(
  new Cloudflare({ apiToken, baseURL: lab.address, maxRetries: 0, fetch }), types, conformance, report);
const sdk = clientWith(lab.token);
const scenario = new Scenario({ sdk, lab, report, clientWith, counter });

const areas = {
  accounts, tokens, zones, records, tunnels, serviceTokens, identityProviders, groups, lists, certificates, policies, applications, organization,
  keys, people,
};
for (const [name, area] of Object.entries(areas)) {
  try {
    await area(scenario);
  } catch (error) {
    print({ name: `scenario ${name}`, ok: false, detail: `ended before its end: ${tell(error)}`, notes: [] });
  }
}

for (const line of report.lines()) process.stdout.write(line + '\n');
print({
  name: 'envelopes', ok: envelopeProblems.size === 0, notes: [],
  detail: [...envelopeProblems].join('\n') || `${counter.requests} answers`,
});
const plain = new Cloudflare({ apiToken: lab.token, baseURL: lab.address, maxRetries: 0 });
await reportUnserved(plain, operations, lab, print);
const overlooked = await selfTest(plain, types, conformance, lab);
print({ name: 'self-test', ok: overlooked.length === 0, detail: overlooked.join('\n'), notes: [] });

function print(line) {
  process.stdout.write(JSON.stringify(line) + '\n');
}
