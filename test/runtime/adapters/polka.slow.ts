import { POLKA } from '../../support/polka.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(POLKA);
