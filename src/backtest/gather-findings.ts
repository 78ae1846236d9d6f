import { EMPTY_FINDINGS, type Findings, mergeFindings } from './findings.ts';
import { readFound } from './found-patients.ts';
import { requireComplete, type StageOutputs } from './stages.ts';
import { readWritten } from './work-folder.ts';

/**
 * What all buckets come to.
 *
 * @throws {WorkFolderError} if `evaluate` is not complete
 */
export function gatherFindings(folder: string, outputs: StageOutputs): Findings {
  const { buckets } = readFound(folder);
  requireComplete(outputs, 'evaluate', buckets);
  let findings = EMPTY_FINDINGS;
  for (let index = 0; index < buckets; index++) {
    const ofBucket = readWritten(outputs.of('evaluate', index)) as Findings | undefined;
    findings = mergeFindings(findings, ofBucket ?? EMPTY_FINDINGS);
  }
  return findings;
}
