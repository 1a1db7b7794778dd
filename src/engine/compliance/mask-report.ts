/** What was observed and said in it, and not our own words: a secret may be one of those, and would change the verdict. */
import { maskTexts } from '../../config/mask-secrets.ts';
import type { ComplianceReport } from '../../core/compliance/compliance-report.ts';
import { maskCriteria } from '../validation/mask-result.ts';

export function maskReport(
  report: ComplianceReport,
  secretValues: readonly string[],
): ComplianceReport {
  const masked = (text: string): string => maskTexts(text, secretValues);
  return {
    ...report,
    profile: { ...report.profile, title: masked(report.profile.title) },
    criteria: maskCriteria(report.criteria, secretValues),
    controls: report.controls.map(({ title, source, message, evidence, exemption, ...ours }) => ({
      ...ours,
      ...{ title: masked(title), source: masked(source) },
      message: message === null ? null : masked(message),
      evidence: evidence.map((each) => ({ ...each, observed: masked(each.observed) })),
      exemption: exemption && {
        ...exemption,
        ...{ reason: masked(exemption.reason), owner: masked(exemption.owner) },
      },
    })),
  };
}
