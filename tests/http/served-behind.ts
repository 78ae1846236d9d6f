import express from 'express';
import { operationOutcome, toServiceError } from '../../src/cds-hooks/errors.ts';
import { type Served, serve } from '../support/http.ts';

/** Serves `last` behind `middleware`; an error is answered with its status and what the service says of it. */
export async function serveBehind(
  middleware: express.RequestHandler | readonly express.RequestHandler[],
  last: express.RequestHandler,
): Promise<Served> {
  const app = express();
  app.disable('x-powered-by');
  app.use([middleware].flat(), last);
  const answerError: express.ErrorRequestHandler = (thrown: unknown, _request, response, _next) => {
    const error = toServiceError(thrown);
    response.status(error.status).json(operationOutcome(error));
  };
  app.use(answerError);
  return serve(app);
}
