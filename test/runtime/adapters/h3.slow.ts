import { H3_1, H3_2 } from '../../support/h3.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(H3_1);
describeAdapter(H3_2);
