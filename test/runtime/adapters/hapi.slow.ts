import { HAPI } from '../../support/hapi.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(HAPI);
