/** `replaystack explain`: what a build would do with source files, and why. */
import { createReport, summarise } from '../../report.ts';
import type { Command } from '../command.ts';
import { Failure } from '../failure.ts';
import { diffOf, paintDiff } from './diff.ts';
import type { Explanation } from './explanation.ts';
import { createExplainer } from './explanation.ts';
import { findFiles } from './files.ts';
import { readGivenOptions } from './options.ts';
import { toJson } from './json.ts';
import { describeFile } from './text.ts';

export const explain: Command = {
  help: `Usage: replaystack explain [options] <file, directory or glob…>

Says for everything in these files that could be instrumented what a build would do with it, and why. Run it where you run the
build: paths and the framework that the project is built with (of its package.json) are taken from there.

  --config <options>  the plugin's options: a JSON file, a module with a default export, or JSON itself: '{"functions":false}'
  --diff              the rewrite as a unified diff, and nothing else
  --json              for programs
`,
  options: {
    config: { type: 'string' },
    diff: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run({ values, positionals }) {
    if (positionals.length === 0) {
      throw new Failure('Name a file, a directory or a glob: replaystack explain src/server.ts', 2);
    }
    const files = await findFiles(positionals);
    const explainFile = createExplainer(await readGivenOptions(values['config'] as string | undefined));
    const explanations: Explanation[] = [];
    const report = createReport();
    for (const file of files) {
      const began = performance.now();
      const explanation = await explainFile(file);
      explanations.push(explanation);
      if (explanation.result !== undefined) {
        report.add(explanation.file, explanation.result, performance.now() - began);
      }
      if (values['json'] === true) continue;
      if (values['diff'] === true) process.stdout.write(paintDiff(diffOf(explanation)));
      else console.log(`${describeFile(explanation).join('\n')}\n`);
    }
    if (values['json'] === true) console.log(toJson(explanations, values['diff'] === true));
    else if (values['diff'] !== true) console.log(summarise(report.report()));
  },
};
