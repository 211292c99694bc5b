/** What is to be done with a module: which targets, which edits, which hooks. */
import { RUNTIME_MODULE } from '../../runtime/protocol.ts';
import { startOf } from './ast.ts';
import { methodsForCloudflare } from './cloudflare-classes.ts';
import { findEntries } from './entries.ts';
import { chooseFunctions } from './function-choice.ts';
import type { TransformOptions } from './options.ts';
import { findJobs } from './jobs/find.ts';
import { findMethodJobs } from './jobs/methods.ts';
import { chooseNames } from './names.ts';
import { observeFunction, sameType } from './observe.ts';
import type { ParsedModule } from './parse.ts';
import type { Plan } from './planned.ts';
import { createPlan, sortPlan, take, use } from './planned.ts';
import type { Pragma } from './pragmas.ts';
import { isIgnored } from './pragmas.ts';
import { findRegistrations } from './registrations.ts';
import { unsafeReason } from './safety.ts';
import { readFunctions, serialisedFunctions } from './serialised.ts';
import { findWebhooks, webhookEdit } from './webhooks.ts';
import { isTyped } from './typed.ts';
import { openEntry, openMethod, wrapApp, wrapHandlers } from './wrap.ts';

const UNKNOWN = 'nothing here tells that it is called on an app or a router of a framework that is known';

/** Decides for every candidate of the module. Marks the pragmas that had a say in it. */
export function planModule(
  code: string,
  file: string,
  module: ParsedModule,
  pragmas: readonly Pragma[],
  options: TransformOptions,
): Plan {
  const plan = createPlan();
  const names = chooseNames(code);
  const { apps, registrations, unknown } = options.prefilter.mayRegister(code)
    ? findRegistrations(module, options)
    : { apps: [], registrations: [], unknown: [] };
  // What is registered on the app that a call makes goes around the call, and around what makes it ours.
  const jobs = findJobs(code, module, pragmas, options);
  const taken = [...registrations, ...jobs].filter((registration) =>
    wrapHandlers(plan, names, registration, pragmas),
  );
  const made = apps.filter(({ creation, factory, recogniser: { name } }) => {
    const isWanted = !isIgnored(creation, pragmas);
    if (!isWanted && factory.app)
      plan.passedOver.push({ name, why: 'ignored by a pragma', ...startOf(creation) });
    return isWanted;
  });
  for (const app of made) wrapApp(plan, names, app);
  const entries = findEntries(code, module.program, file, options.conventions);
  for (const entry of entries) openEntry(plan, names, code, entry, pragmas, module.comments);
  const methods = findMethodJobs(code, module, options);
  for (const method of methods) openMethod(plan, names, code, method, pragmas);

  const isSerialised = serialisedFunctions(code, module.program);
  const mayBeRead = readFunctions(code);
  const isForCloudflare = methodsForCloudflare(code, module.program);
  const found = { made, registrations: taken, entries, methods };
  const { chosen, others } = chooseFunctions(module, pragmas, found, options);
  const typed = chosen.length > 0 && isTyped(module.program, file);
  for (const { target, captureArguments, why } of chosen) {
    const { node, name, requested } = target;
    if (requested) requested.applied = true;
    const reason = isIgnored(node, pragmas)
      ? 'ignored by a pragma'
      : isSerialised(target)
        ? 'its source is sent elsewhere, where the hooks are not'
        : requested === undefined && mayBeRead(node)
          ? 'its source is read by Elysia'
          : requested === undefined && isForCloudflare(node)
            ? 'Cloudflare calls it, on a class of a kind of its own'
            : unsafeReason(code, node);
    if (reason !== undefined) {
      plan.skipped.push({ name, reason, ...startOf(node) });
      continue;
    }
    const site = `${file}:${startOf(node).line}:${name}`;
    const { comments } = module;
    const { edits, hooks } = observeFunction(code, node, { site, names, captureArguments, typed, comments });
    plan.edits.push(...edits);
    for (const hook of hooks) use(plan, names, RUNTIME_MODULE, hook);
    take(plan, { kind: 'function', name, ...startOf(node) }, why);
  }
  if (plan.edits.some(({ open }) => open.includes(names.same))) plan.starts.push(sameType(names));
  for (const { node, name, why } of others) plan.passedOver.push({ name, why, ...startOf(node) });
  for (const { call, name, isNamed } of unknown) {
    const place = startOf(call.callee.property);
    const reason = isIgnored(call, pragmas) ? 'ignored by a pragma' : UNKNOWN;
    if (isNamed) plan.skipped.push({ name, reason, ...place });
    else plan.passedOver.push({ name, why: reason, ...place });
  }
  for (const node of findWebhooks(pragmas)) {
    if (!isIgnored(node, pragmas))
      plan.edits.push(webhookEdit(node, use(plan, names, RUNTIME_MODULE, 'webhook')));
  }
  sortPlan(plan);
  return plan;
}
