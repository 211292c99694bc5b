/** A plan as it grows: plain data, and how something gets into it. */
import { RUNTIME_MODULE } from '../../runtime/protocol.ts';
import type { Place } from './ast.ts';
import type { Edit } from './edits.ts';
import type { LocalNames } from './names.ts';
import type { Reason } from './safety.ts';

/** Something that is instrumented. */
export interface Target extends Place {
  kind: 'function' | 'app' | 'route' | 'middleware' | 'job';
  /** `OrderService.create`, or `POST /orders`. */
  name: string;
  /** Of all but functions: the frameworks it may be of. */
  frameworks?: string[];
}

/** Something that could have been, and was left alone. */
export interface Skip extends Place {
  name: string;
  reason: Reason;
}

/** Something that nobody set out to instrument, but that looks enough like it to ask why not. */
export interface PassedOver extends Place {
  name: string;
  why: string;
}

export interface Plan {
  targets: Target[];
  /** Why each of them is one. */
  evidence: Map<Target, string>;
  skipped: Skip[];
  passedOver: PassedOver[];
  edits: Edit[];
  /** Statements that the module begins with. */
  starts: string[];
  /** Local names of the hooks that the edits call, by hook, by the module they come from. */
  hooks: Map<string, Map<string, string>>;
}

export function createPlan(): Plan {
  return {
    targets: [],
    evidence: new Map(),
    skipped: [],
    passedOver: [],
    edits: [],
    starts: [],
    hooks: new Map(),
  };
}

export function take(plan: Plan, target: Target, why: string): void {
  plan.targets.push(target);
  plan.evidence.set(target, why);
}

/** The local name of a hook, which is then imported. */
export function use(plan: Plan, names: LocalNames, source: string, hook: string): string {
  let hooks = plan.hooks.get(source);
  if (hooks === undefined) plan.hooks.set(source, (hooks = new Map()));
  let local = hooks.get(hook);
  if (local === undefined) {
    // What observes functions is ours, and goes by the plain names.
    const others = [...plan.hooks.keys()].filter((other) => other !== RUNTIME_MODULE);
    hooks.set(hook, (local = names.hook(hook, others.indexOf(source) + 1)));
  }
  return local;
}

/** In the order of the source. */
export function sortPlan(plan: Plan): void {
  plan.targets.sort(bySource);
  plan.skipped.sort(bySource);
  plan.passedOver.sort(bySource);
}

function bySource(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
