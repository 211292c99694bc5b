import { EXPRESS_5, express5 } from '../../support/express.ts';
import { describeExpressApps } from './conformance/express-apps.ts';
import { describeExpressRequests } from './conformance/express-requests.ts';
import { describeUnseenRegistrations } from './conformance/express-unseen.ts';
import { describeAdapter } from './conformance/index.ts';

describeAdapter(EXPRESS_5);
describeExpressApps('Express 5', express5);
describeExpressRequests('Express 5', express5);
describeUnseenRegistrations('Express 5', express5);
