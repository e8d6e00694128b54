// The SDK as it is, with every answer compared to what it declares.
import assert from 'node:assert/strict';

/**
 * The client, whose methods answer the checked value; those that page answer an array of all items, gathered by the
 * SDK's own iterator. (`method.paged` is the SDK's method as it is, for who wants to stop early.)
 * @param {import('cloudflare').Cloudflare} client
 */
export function checkedClient(client, types, conformance, report) {
  const method = (name, target, owner) => async (...args) => {
    const { paged, type, name: typeName } = types.answerOf(name);
    const answer = target.apply(owner, args);
    let value;
    try {
      value = paged ? await collect(answer) : await answer;
    } finally {
      // A refusal is an answer too: whoever did not expect it says so.
      report.called(name);
    }
    const values = paged ? value : [value];
    for (const one of values) report.compared(name, conformance.check(type, one, typeName));
    return value;
  };

  const node = (owner, path) => new Proxy(owner, {
    get(target, property) {
      const value = target[property];
      if (typeof property === 'symbol' || property.startsWith('_')) return value;
      const name = path ? `${path}.${property}` : property;
      if (typeof value === 'function') return Object.assign(method(name, value, target), { paged: value.bind(target) });
      return value && typeof value === 'object' ? node(value, name) : value;
    },
  });
  return node(client, '');
}

async function collect(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** A fetch that holds every answer to the envelope of the API, and counts them. */
export function envelopeFetch(onProblem) {
  const counter = { requests: 0 };
  const checked = async (url, init) => {
    counter.requests++;
    const response = await fetch(url, init);
    if (response.headers.get('content-type')?.includes('json')) {
      try {
        checkEnvelope(await response.clone().json(), response.ok);
      } catch (error) {
        onProblem(`${init?.method ?? 'GET'} ${new URL(url).pathname}: ${error.message.split('\n')[0]}`);
      }
    }
    return response;
  };
  return { fetch: checked, counter };
}

function checkEnvelope(body, ok) {
  assert.equal(body.success, ok, 'success agrees with the status');
  assert.ok(Array.isArray(body.errors), 'errors is an array');
  assert.ok(Array.isArray(body.messages), 'messages is an array');
  assert.ok('result' in body, 'there is a result, if only null');
  assert.equal(body.errors.length === 0, ok, 'errors is empty exactly when the call succeeded');
  for (const error of body.errors) {
    assert.equal(typeof error.code, 'number', 'an error has a number as its code');
    assert.equal(typeof error.message, 'string', 'an error has a message');
  }
  if (ok && Array.isArray(body.result) && body.result_info) {
    for (const name of ['page', 'per_page', 'count', 'total_count']) {
      assert.equal(typeof body.result_info[name], 'number', `result_info.${name} is a number`);
    }
    assert.equal(body.result_info.count, body.result.length, 'result_info.count tells how many items came');
  }
}
