/** Calls that give a library its jobs. */
import type { Owner } from '../apps.ts';
import { createAppResolver } from '../apps.ts';
import type { MethodCall, Node } from '../ast.ts';
import { isFunction, isMethodCall, keyName, unwrapExpression, walk } from '../ast.ts';
import type { TransformOptions } from '../options.ts';
import { findOrigins } from '../origins.ts';
import type { ParsedModule } from '../parse.ts';
import type { Pragma } from '../pragmas.ts';
import type { Registration } from '../registrations.ts';
import { canBeHandler, evidenceOf } from '../registrations.ts';
import { literalText } from '../route-name.ts';
import { bindingOf } from '../scopes.ts';
import { interval, requestedIntervals } from './intervals.ts';
import type { JobRecogniser } from './types.ts';

type Call = Registration['call'];

/** A call that may take a job, and what it is called by. */
interface Candidate {
  call: Call;
  recogniser: JobRecogniser;
  name: string;
  /** What a method is called on; left out for exports, of which there is no doubt. */
  owner?: Owner;
}

/** Finds what the module registers as jobs, by what it imports, and by the pragmas that ask for it. */
export function findJobs(
  code: string,
  module: ParsedModule,
  pragmas: readonly Pragma[],
  { jobs, prefilter, packages }: Pick<TransformOptions, 'jobs' | 'prefilter' | 'packages'>,
): Registration[] {
  const intervals = requestedIntervals(pragmas);
  const candidates: Candidate[] = !jobs.includes(interval)
    ? []
    : intervals.map((call) => ({ call, recogniser: interval, name: 'setInterval' }));
  if (prefilter.mayRegisterJobs(code)) {
    candidates.push(...callsOfLibraries(module, jobs), ...callsOfMethods(module, jobs, packages));
  }
  return candidates.flatMap((candidate) => toRegistration(code, candidate) ?? []);
}

/** `new Worker('emails', job)`, `cron.schedule('@daily', job)`, `Consumer.create({ handleMessage })`. */
function callsOfLibraries(module: ParsedModule, jobs: readonly JobRecogniser[]): Candidate[] {
  const { factoryOf } = findOrigins(module, jobs);
  const candidates: Candidate[] = [];
  walk(module.program, (node) => {
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return;
    const { recogniser, factory } = factoryOf(node) ?? {};
    if (recogniser === undefined || factory?.app !== true) return;
    const name = factory.method ?? factory.export;
    candidates.push({ call: node, recogniser: recogniser as JobRecogniser, name });
  });
  return candidates.filter(({ call }) => startsFromLibrary(module, call));
}

/** Its scope tells what a name stands for. What a class of the application's own takes that extends a library's is up to it. */
function startsFromLibrary(module: ParsedModule, { callee }: Call): boolean {
  const root = rootOf(callee);
  return root.type !== 'Identifier' || /^(import|variable)$/.test(bindingOf(module, root)?.kind ?? '');
}

function rootOf(callee: Node): Node {
  const node = unwrapExpression(callee);
  if (node.type === 'MemberExpression') return rootOf(node.object);
  return node.type === 'SequenceExpression' ? rootOf(node.expressions.at(-1) as Node) : node;
}

/** `boss.work('emails', job)`, `channel.consume('emails', job)`, `consumer.run({ eachMessage })`. */
function callsOfMethods(
  module: ParsedModule,
  jobs: readonly JobRecogniser[],
  packages: TransformOptions['packages'],
): Candidate[] {
  const methods = new Set(jobs.flatMap((recogniser) => recogniser.methods));
  const calls: MethodCall[] = [];
  walk(module.program, (node) => {
    if (isMethodCall(node) && methods.has(node.callee.property.name)) calls.push(node);
  });
  if (calls.length === 0) return [];
  const { ownerOf } = createAppResolver(module, jobs, packages);
  return calls.flatMap((call): Candidate[] => {
    const owner = ownerOf(call.callee.object);
    const { name } = call.callee.property;
    const recogniser = owner?.recognisers.find(({ methods }) => methods.includes(name));
    if (owner === undefined || recogniser === undefined) return [];
    return [{ call, recogniser: recogniser as JobRecogniser, name, owner }];
  });
}

function toRegistration(
  code: string,
  { call, recogniser, name, owner }: Candidate,
): Registration | undefined {
  const { keys = [] } = recogniser;
  const args = call.arguments;
  const spread = args.findIndex((argument) => argument.type === 'SpreadElement');
  const places = recogniser.takes[name]?.filter((index) => spread < 0 || index < spread) ?? [];
  const possible = places.filter((index) => isJob(args[index], keys, owner?.certain ?? true));
  // A function that is written down is the job, whatever else could be one.
  const inline = possible.find((index) => isFunction(unwrapExpression(args[index] as Node)));
  const at = inline === undefined ? possible : [inline];
  if (at.length === 0) return undefined;
  const handlers = at.map((index) => args[index] as Node);
  const observed = handlers.flatMap((handler) => jobsIn(handler, keys));
  const label = literalText(args[0] === handlers[0] ? undefined : args[0]);
  return {
    call,
    kind: 'job',
    at: 'property' in call.callee ? call.callee.property : call,
    receiver: undefined,
    recognisers: [recogniser],
    owner: owner?.text,
    name: label === undefined ? recogniser.name : `${recogniser.name} ${label}`,
    evidence: owner
      ? evidenceOf({ ...owner, recognisers: [recogniser] })
      : recogniser === interval
        ? 'asked for by @replaystack-cron'
        : `${recogniser.name} takes a job here`,
    beside: (handler) => besideJob(code, recogniser, args, handler),
    handlers,
    observed,
  };
}

/** What the hook is given beside the argument that can be the job. */
function besideJob(
  code: string,
  { subject, named, keys = [] }: JobRecogniser,
  args: readonly Node[],
  argument: Node,
): string | undefined {
  const place = args.indexOf(argument);
  const said = { first: 0, before: place - 1, after: place + 1, none: place }[subject ?? 'none'];
  const node = said === place ? undefined : args[said];
  const [job] = jobsIn(argument, keys);
  // Options that stand in a variable have its name, not the job's.
  const isJob = job !== argument || keys.length === 0 || place > 0;
  const name = named && job && isJob ? nameOf(job) : undefined;
  const given = [
    ...(subject ? [node && isReadTwice(node) ? code.slice(node.start ?? 0, node.end ?? 0) : undefined] : []),
    name && JSON.stringify(name),
  ];
  while (given.length > 0 && given.at(-1) === undefined) given.pop();
  return given.length > 0 ? given.map((text) => text ?? 'void 0').join() : undefined;
}

/** `sweep` and `shelves.sweep` go by `sweep`, and so does `function sweep() {}` where it stands. */
function nameOf(job: Node): string | undefined {
  const node = unwrapExpression(job);
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return keyName(node.property, node.computed);
  return node.type === 'FunctionExpression' ? node.id?.name : undefined;
}

/** @param certain whether the library is: if not, options have to have a job in them to look like its own */
function isJob(node: Node | undefined, keys: readonly string[], certain: boolean): boolean {
  if (node === undefined) return false;
  const value = unwrapExpression(node);
  if (value.type !== 'ObjectExpression') return canBeHandler(node) && (certain || keys.length === 0);
  const isOpen = certain && value.properties.some(({ type }) => type === 'SpreadElement');
  return keys.length > 0 && (isOpen || jobsIn(node, keys).length > 0);
}

/** The jobs in an object of options; anything else is one itself. */
function jobsIn(node: Node, keys: readonly string[]): Node[] {
  const value = unwrapExpression(node);
  if (value.type !== 'ObjectExpression') return [node];
  return value.properties.flatMap((property): Node[] => {
    if (property.type === 'SpreadElement') return [];
    if (!keys.includes(keyName(property.key, property.computed) ?? '')) return [];
    return [property.type === 'ObjectMethod' ? property : property.value];
  });
}

/** Literals, names, and what is reckoned from them: to read them once more changes nothing. */
function isReadTwice(node: Node): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'StringLiteral':
    case 'NumericLiteral':
      return true;
    case 'TemplateLiteral':
      return node.expressions.length === 0;
    case 'BinaryExpression':
      return isReadTwice(node.left) && isReadTwice(node.right);
    default:
      return false;
  }
}
