/** Says which texts are programs. */
import * as vm from 'node:vm';

interface Question {
  module: boolean;
  programs: string[];
}

process.on('message', (questions: Question[]) => {
  process.send?.(questions.map(({ module, programs }) => programs.map((text) => isProgram(text, module))));
});

function isProgram(text: string, module: boolean): boolean {
  try {
    const program = module ? new vm.SourceTextModule(text) : new vm.Script(text);
    return Boolean(program);
  } catch {
    return false;
  }
}
