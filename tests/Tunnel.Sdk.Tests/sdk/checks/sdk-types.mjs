// What the SDK's own .d.ts files say that each of its methods answers, by TypeScript's compiler.
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const declarations = path.join(path.dirname(createRequire(import.meta.url).resolve('cloudflare')), 'client.d.ts');

/** The static return types of the SDK's methods. */
export class SdkTypes {
  #client;
  #byPath = new Map();

  constructor() {
    const program = ts.createProgram([declarations], {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
      types: [],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    });
    this.checker = program.getTypeChecker();
    const module = this.checker.getSymbolAtLocation(program.getSourceFile(declarations));
    const client = this.checker.getExportsOfModule(module).find(symbol => symbol.name === 'Cloudflare');
    this.#client = this.checker.getDeclaredTypeOfSymbol(client);
  }

  /**
   * @param {string} method such as 'zones.activationCheck.trigger'
   * @returns {{ paged: boolean, type: ts.Type, name: string }} what it answers; of a paged method, what each item is.
   */
  answerOf(method) {
    let answer = this.#byPath.get(method);
    if (!answer) {
      answer = this.#find(method);
      this.#byPath.set(method, answer);
    }
    return answer;
  }

  #find(method) {
    let type = this.#client;
    for (const segment of method.split('.')) {
      const property = this.checker.getPropertyOfType(type, segment);
      if (!property) throw new Error(`The SDK declares no ${method}.`);
      type = this.checker.getTypeOfSymbol(property);
    }
    const promise = type.getCallSignatures().at(-1).getReturnType();
    const parameters = this.checker.getTypeArguments(promise);
    const paged = promise.symbol.name === 'PagePromise';
    if (!paged && promise.symbol.name !== 'APIPromise') throw new Error(`${method} answers neither a page nor a value.`);
    const answer = parameters[paged ? 1 : 0];
    return { paged, type: answer, name: this.checker.typeToString(answer) };
  }
}
