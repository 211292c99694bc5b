import { FASTIFY } from '../../support/fastify.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(FASTIFY);
