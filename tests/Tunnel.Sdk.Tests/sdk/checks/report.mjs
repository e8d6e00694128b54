// What was done with each operation of the SDK, and what was found.
import { exceptions } from './exceptions.mjs';

const mostNotes = 12;

export class Report {
  #operations = new Map();
  #usedExceptions = new Set();

  /** @param {string[]} names every operation that is to be done */
  constructor(names) {
    for (const name of names) this.#operations.set(name, { calls: 0, problems: [], notes: new Set() });
  }

  #of(name) {
    const operation = this.#operations.get(name);
    if (!operation) throw new Error(`${name} is not in operations.json.`);
    return operation;
  }

  /** One call was made. */
  called(name) {
    this.#of(name).calls++;
  }

  problem(name, text) {
    this.#of(name).problems.push(text);
  }

  /** @param {import('./conformance.mjs').Findings} findings */
  compared(name, findings) {
    const { problems, notes } = this.#of(name);
    for (const { path, text } of findings.problems) {
      const exception = exceptions.find(e => e.operation.test(name) && e.path.test(path));
      if (exception) {
        this.#usedExceptions.add(exception);
        notes.add(`${path}: excepted, ${exception.reason}`);
      } else if (!problems.includes(`${path}: ${text}`)) {
        problems.push(`${path}: ${text}`);
      }
    }
    for (const { path, text } of findings.notes) notes.add(`${path.replaceAll(/\[\d+\]/g, '[]')}: ${text}`);
  }

  /** One line of JSON for each operation, and one for the exceptions. */
  *lines() {
    for (const [name, { calls, problems, notes }] of this.#operations) {
      const ok = calls > 0 && problems.length === 0;
      const detail = problems.length > 0 ? problems.join('\n') : calls > 0 ? `${calls} calls` : 'was never called';
      yield JSON.stringify({ name, ok, detail, notes: [...notes].slice(0, mostNotes) });
    }
    const unused = exceptions.filter(e => !this.#usedExceptions.has(e));
    yield JSON.stringify({
      name: 'exceptions', ok: unused.length === 0, notes: [],
      detail: unused.map(e => `${e.operation} ${e.path}: nothing needs this exception`).join('\n') || `${exceptions.length} needed`,
    });
  }
}
