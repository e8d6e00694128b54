// How the files in operations/ say what they do and what must hold.
import assert from 'node:assert/strict';

/** What one scenario works with. */
export class Scenario {
  #report;

  /**
   * @param {object} parts
   * @param parts.sdk the client whose answers are checked
   * @param parts.lab where the edge is, and what the test prepared on it
   */
  constructor({ sdk, lab, report, clientWith, counter }) {
    Object.assign(this, { sdk, lab, clientWith, counter });
    this.account = { account_id: lab.account };
    this.#report = report;
  }

  /**
   * One step. What goes wrong in it is a failure of this operation; whoever needs its outcome then fails by name too, and
   * everything else goes on. (A field, so that a scenario can take it out of the object.)
   * @param {string} operation as in operations.json
   */
  step = async (operation, body) => {
    try {
      return await body();
    } catch (error) {
      this.#report.problem(operation, tell(error));
      return missing(operation);
    }
  };
}

/** The call must be refused with this class of the SDK's errors and this code of the API's. */
export async function refused(call, type, code) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    if (error?.errors?.[0] && error instanceof type) {
      assert.equal(error.errors[0].code, code, `refused with the code ${error.errors[0].code} (${error.errors[0].message}), not ${code}`);
      return error;
    }
    throw new Error(`refused in another way than ${type.name} ${code}: ${tell(error)}`);
  }
  assert.fail(`not refused with ${code}, but answered ${JSON.stringify(answer)?.slice(0, 80)}`);
}

/** The one item of a list with this id. */
export function only(items, id) {
  const found = items.filter(item => item.id === id);
  assert.equal(found.length, 1, `the list of ${items.length} holds it ${found.length} times`);
  return found[0];
}

export function tell(error) {
  if (error?.errors?.length > 0) {
    return `${error.status} ${error.errors.map(e => `${e.code} ${e.message}`).join('; ')}`;
  }
  if (error?.generatedMessage && error.operator?.startsWith('deep')) {
    return `${JSON.stringify(error.actual)} where ${JSON.stringify(error.expected)} was expected`;
  }
  return `${error?.message ?? error}`.split('\n').slice(0, 3).join(' ');
}

/** Stands for what a failed step did not make: whoever uses it fails with the reason. */
function missing(operation) {
  return new Proxy({}, {
    get(_, property) {
      // Awaited, or looked at by an assertion: that is not yet a use.
      if (property === 'then' || typeof property === 'symbol') return undefined;
      throw new Error(`needs what ${operation} should have answered`);
    },
  });
}
