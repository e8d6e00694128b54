// Everything that the SDK knows below the served resources and the edge does not serve: there it answers as Cloudflare
// answers an unknown route, and nothing is left out of operations.json by oversight.
import Cloudflare from 'cloudflare';
import { tell } from './scenario.mjs';

const noRoute = [7000, 7001, 7003];

export async function reportUnserved(client, { served, notServed }, lab, print) {
  const methods = Object.keys(notServed).flatMap(root => methodsBelow(client, root));
  const unknown = served.filter(name => !methods.some(method => method.name === name));
  print({
    name: 'operations', ok: unknown.length === 0, notes: [],
    detail: unknown.length > 0 ? `the SDK has no ${unknown.join(', ')}` : `${served.length} of ${methods.length} that the SDK has there`,
  });
  for (const [root, reason] of Object.entries(notServed)) {
    const others = methods.filter(method => method.root === root && !served.includes(method.name));
    const wrong = [];
    for (const { name, call } of others) {
      const answer = await askFor(call, lab);
      if (answer) wrong.push(`${name}: ${answer}`);
    }
    print({
      name: `not served: ${root}`, ok: wrong.length === 0, notes: [],
      detail: wrong.join('\n') || `${others.length} answered as an unknown route: ${reason}`,
    });
  }
}

/** @returns {string | undefined} what was wrong with the answer */
async function askFor(call, lab) {
  const id = '00000000-0000-4000-8000-000000000000';
  let answer;
  // Some methods want an account, some a zone, some one of the two and not both.
  for (const owner of [{ account_id: lab.account }, { zone_id: lab.zone }, { account_id: lab.account, zone_id: lab.zone }]) {
    try {
      answer = `answered ${JSON.stringify(await call(id, identifiers(owner, id)))?.slice(0, 80)}`;
    } catch (error) {
      if (error instanceof Cloudflare.APIError && noRoute.includes(error.errors?.[0]?.code)) return undefined;
      answer = `refused in another way: ${tell(error)}`;
    }
  }
  return answer;
}

/** Whatever else the methods call the identifiers of their paths. */
function identifiers(owner, id) {
  return new Proxy(owner, {
    get: (known, name) => known[name] ?? (/_id$/.test(name.toString()) && !/^(account|zone)_id$/.test(name) ? id : undefined),
  });
}

/** The methods of a resource and of those inside it, whose names the SDK keeps on the prototypes. */
function methodsBelow(client, root) {
  const resource = root.split('.').reduce((owner, name) => owner[name], client);
  return [...walk(resource, root)].map(method => ({ ...method, root }));
}

function* walk(resource, path) {
  for (let prototype = Object.getPrototypeOf(resource); prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const name of Object.getOwnPropertyNames(prototype).filter(n => n !== 'constructor')) {
      const method = prototype[name];
      // Those that take an identifier first have more than the one parameter for all others.
      const withId = (id, ids) => takesId(method) ? method.call(resource, id, ids) : method.call(resource, ids);
      yield { name: `${path}.${name}`, call: withId };
    }
  }
  for (const [name, child] of Object.entries(resource)) {
    if (name !== '_client' && child && typeof child === 'object') yield* walk(child, `${path}.${name}`);
  }
}

function takesId(method) {
  const [first] = /\(([^)]*)/.exec(method.toString())[1].split(',');
  return !/^\s*(params|query|body|options|_?\{)/.test(first);
}
