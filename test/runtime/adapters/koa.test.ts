import { KOA } from '../../support/koa.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(KOA);
