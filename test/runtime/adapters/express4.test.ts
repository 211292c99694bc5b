import { EXPRESS_4, express4 } from '../../support/express.ts';
import { describeExpressApps } from './conformance/express-apps.ts';
import { describeExpressRequests } from './conformance/express-requests.ts';
import { describeUnseenRegistrations } from './conformance/express-unseen.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(EXPRESS_4);
describeExpressApps('Express 4', express4);
describeExpressRequests('Express 4', express4);
describeUnseenRegistrations('Express 4', express4);
