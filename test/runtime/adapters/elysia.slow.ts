import { ELYSIA } from '../../support/elysia.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(ELYSIA);
