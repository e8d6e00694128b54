// Does a JSON value have a TypeScript type? The compiler answers what the type is, this file compares.
import ts from 'typescript';

/** RFC 3339, as every time of the API. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const timeNames = /(_at|_on)$/;

/**
 * @typedef {{ path: string, text: string }} Remark
 * @typedef {{ problems: Remark[], notes: Remark[] }} Findings
 */

/** Compares values with the types that the SDK declares for them. */
export class Conformance {
  #checker;

  /** @param {ts.TypeChecker} checker */
  constructor(checker) {
    this.#checker = checker;
  }

  /**
   * Problems are contradictions of the type; notes are properties that it does not know.
   * @returns {Findings}
   */
  check(type, value, path) {
    const findings = { problems: [], notes: [] };
    this.#check(type, value, path, findings);
    return findings;
  }

  #check(type, value, path, findings) {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return;
    if (type.isUnion()) return this.#union(type, value, path, findings);
    if (!this.#primitive(type, value)) {
      findings.problems.push({ path, text: `${show(value)} where the SDK declares ${this.#name(type)}` });
    } else if (flags & ts.TypeFlags.String && timeNames.test(path) && !time.test(value)) {
      findings.problems.push({ path, text: `${show(value)} is not a time as in RFC 3339` });
    } else if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type);
      value.forEach((element, index) => this.#check(item, element, `${path}[${index}]`, findings));
    } else if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) {
      this.#object(type, value, path, findings);
    }
  }

  /** Whether the value is of the kind that the type is; what lies inside is not looked at. */
  #primitive(type, value) {
    const { flags } = type;
    if (flags & ts.TypeFlags.StringLiteral || flags & ts.TypeFlags.NumberLiteral) return value === type.value;
    if (flags & ts.TypeFlags.BooleanLiteral) return value === (type.intrinsicName === 'true');
    if (flags & ts.TypeFlags.String) return typeof value === 'string';
    if (flags & ts.TypeFlags.Number) return typeof value === 'number';
    if (flags & ts.TypeFlags.Boolean) return typeof value === 'boolean';
    if (flags & ts.TypeFlags.Null) return value === null;
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return value === undefined;
    if (this.#checker.isArrayType(type)) return Array.isArray(value);
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection | ts.TypeFlags.NonPrimitive)) {
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    }
    throw new Error(`No rule for ${this.#name(type)}.`);
  }

  #object(type, value, path, findings) {
    const declared = new Set();
    for (const property of this.#checker.getPropertiesOfType(type)) {
      declared.add(property.name);
      if (Object.hasOwn(value, property.name)) {
        this.#check(this.#checker.getTypeOfSymbol(property), value[property.name], `${path}.${property.name}`, findings);
      } else if (!(property.flags & ts.SymbolFlags.Optional)) {
        findings.problems.push({ path: `${path}.${property.name}`, text: 'missing, and the SDK declares it as required' });
      }
    }
    const index = this.#checker.getIndexInfosOfType(type).find(info => info.keyType.flags & ts.TypeFlags.String);
    for (const name of Object.keys(value).filter(key => !declared.has(key))) {
      if (index) this.#check(index.type, value[name], `${path}.${name}`, findings);
      else findings.notes.push({ path: `${path}.${name}`, text: 'not declared by the SDK' });
    }
  }

  /** Of a union, the member that fits best is taken: the fewest problems, then the fewest unknown properties. */
  #union(type, value, path, findings) {
    const rank = member => {
      const found = this.check(member, value, path);
      return { found, order: found.problems.length * 1000 + found.notes.length + (this.#primitive(member, value) ? 0 : 1e6) };
    };
    const best = type.types.map(rank).reduce((a, b) => (b.order < a.order ? b : a));
    if (best.order >= 1e6) {
      findings.problems.push({ path, text: `${show(value)} where the SDK declares ${this.#name(type)}` });
      return;
    }
    findings.problems.push(...best.found.problems);
    findings.notes.push(...best.found.notes);
  }

  #name(type) {
    const name = this.#checker.typeToString(type);
    return name.length > 80 ? name.slice(0, 77) + '...' : name;
  }
}

function show(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? text.slice(0, 57) + '...' : text;
}
