/** A TypeScript backend on disk: modules of all kinds, each imported by another, and an entry that starts a server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRandom, withoutTargets, withTargets } from './modules.ts';

export interface ProjectOptions {
  modules: number;
  /** How many of the modules have targets, of 1. */
  share: number;
}

const SUBJECTS = [
  'Invoice',
  'Order',
  'Customer',
  'Shipment',
  'Payment',
  'Refund',
  'Product',
  'Warehouse',
  'Tariff',
];

/** @returns the bytes of all modules, and of those that have targets */
export function writeProject(
  folder: string,
  { modules, share }: ProjectOptions,
): { bytes: number; targetBytes: number } {
  const random = createRandom(modules);
  const size = { bytes: 0, targetBytes: 0 };
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('package.json', '{ "name": "backend", "version": "1.0.0", "type": "module" }\n');
  write(
    'tsconfig.json',
    '{ "compilerOptions": { "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "sourceMap": true, "rootDir": "." } }\n',
  );
  const names: string[] = [];
  for (let index = 0; index < modules; index++) {
    const hasTargets = Math.floor((index + 1) * share) > Math.floor(index * share);
    const kinds = hasTargets ? withTargets : withoutTargets;
    const kind = kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number];
    const subject = `${SUBJECTS[index % SUBJECTS.length]}${index}`;
    const name = `area${index % 30}/${subject}`;
    const [former] = names.slice(-30);
    const imports =
      former === undefined
        ? 'type Neighbour = { readonly id: string };\n'
        : `import * as neighbour from '../${former}';\n\ntype Neighbour = typeof neighbour;\n`;
    const text = `${imports}\n${kind({ random, subject, neighbour: 'Neighbour' })}\n\nexport const order${index} = ${index}${former === undefined ? '' : ' + Object.keys(neighbour).length'};\n`;
    write(`src/${name}.ts`, text);
    size.bytes += text.length;
    if (hasTargets) size.targetBytes += text.length;
    names.push(name);
  }
  const all = names.map((name, index) => `import * as m${index} from './${name}.ts';`.replace('.ts', ''));
  write(
    'src/server.ts',
    `${all.join('\n')}\n\nexport const modules = [${names.map((_, index) => `m${index}`).join(', ')}];\n`,
  );
  return size;
}
