/** What tells the registration of a job from any other call: facts, no code. */
import type { Recogniser } from '../frameworks/types.ts';

/**
 * A library that runs jobs. Its factories with `app` take a job themselves, `new Worker('emails', job)`; what the others make
 * has methods that do, `boss.work('emails', job)`.
 */
export interface JobRecogniser extends Recogniser {
  /** Which arguments can be the job, from 0, by what is called: an export, or a method. */
  takes: Readonly<Record<string, readonly number[]>>;
  /** What a job is called in an object of options, where that is how it is given. */
  keys?: readonly string[];
  /**
   * What its factories make are decorators: of methods that are jobs, or of classes of which the method of this name is one. One
   * that is declared with as many parameters is given a callback as that one.
   */
  decorates?: { method?: string; callback?: number };
  /**
   * The argument that says when or from where, where the run time is not told: the first one, or the one on that side of the
   * job. The hook is given it once more, if it can be read twice.
   */
  subject?: 'first' | 'before' | 'after';
  /** Its jobs go by the names of their functions, which the hook is given: what minifies them leaves nothing of these. */
  named?: true;
  hooks: {
    /**
     * `handler(owner, argument, subject?, name?)` is written around each argument that can be the job, with those of the last two
     * that the library has; or, for a method, all that is in it goes into `handler(name, this, { method() { … } }, arguments)`.
     */
    handler: string;
    from?: string;
  };
}

/** Of a library whose calls all name what they belong to: there are no names to go by. */
export const NO_RECEIVER: RegExp = /(?!)/;
