import type express from 'express';
import { operationOutcome, ServiceError } from '../cds-hooks/errors.ts';
import { parseFeedback } from '../cds-hooks/feedback.ts';
import type { FeedbackStore } from '../feedback/feedback-store.ts';
import { callLog } from '../log.ts';
import { clientOf } from './authenticate.ts';
import { FHIR_JSON, send } from './send.ts';

/** What it takes to take feedback. */
export interface FeedbackTaking {
  readonly feedback: FeedbackStore;
  /** 0: what clinicians wrote is left behind, and only that they wrote is kept. */
  readonly commentRetentionDays: number;
  readonly now: () => Date;
}

/**
 * POST /cds-services/:id/feedback – kept before it is acknowledged. The specification names no answer: 200 without a body, and
 * if some entries could not be read, with what is wrong with them (CH-136, CH-150).
 */
export function takeFeedback({
  feedback,
  commentRetentionDays,
  now,
}: FeedbackTaking): express.RequestHandler<{ id: string }> {
  return async (request, response) => {
    const { entries: sent, problems } = parseFeedback(request.body);
    // A comment can be about a patient (CH-144): unless the operator wants them, nothing else ever sees one.
    const entries = commentRetentionDays > 0 ? sent : sent.map((entry) => ({ ...entry, comments: [] }));
    const { id } = request.params;
    try {
      await feedback.append({ client: clientOf(response)?.name, service: id, receivedAt: now(), entries });
    } catch (error) {
      throw new ServiceError('feedback-not-kept', [], { cause: error });
    }
    callLog(response).add({ feedback: { kept: entries.length, problems: problems.length } });
    if (problems.length === 0) response.status(200).end();
    else {
      const unread = new ServiceError('request-invalid', problems);
      send(response, 200, FHIR_JSON, JSON.stringify(operationOutcome(unread, 'warning')));
    }
  };
}
