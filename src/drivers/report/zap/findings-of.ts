/** One alert of ZAP as findings: one for each of its instances, also of those that it does not list. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import type { FoundPlace } from '../../../core/validation/found-place.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { requestPlace } from '../../../platform/seen-requests.ts';

export const FORMAT = 'traditional report of ZAP';

const instanceSchema = z.object({
  uri: z.string(),
  method: z.string(),
  param: z.string().optional(),
});

const alertSchema = z.object({
  pluginid: z.string(),
  alertRef: z.string().optional(),
  name: z.string(),
  riskcode: z.string(),
  confidence: z.string(),
  count: z.string().regex(/^\d+$/),
  instances: z.array(instanceSchema),
});

type Alert = z.output<typeof alertSchema>;

export interface ZapFinding {
  readonly finding: Finding;
  /** That it came from; null when it is not listed. */
  readonly request: string | null;
}

const COUNT_MAX = 1_000_000;

export function* findingsOf(value: unknown): Generator<ZapFinding> {
  const alert = parseReportPart(alertSchema, value, { what: 'An alert', format: FORMAT });
  const count = Number(alert.count);
  const listed = alert.instances.length;
  if (count < listed || count > COUNT_MAX) {
    throw operationalError(
      'report-invalid',
      `The alert ${alert.name} counts ${alert.count} instances, and lists ${listed}.`,
    );
  }
  for (const { uri: url, method, param: parameter = '' } of alert.instances) {
    const place = requestPlace({ method, url, parameter });
    yield { finding: findingAt(alert, [place]), request: requestPlace({ method, url }).text };
  }
  // Old versions list 20 at most. An alert is one even where it counts none.
  const unlisted = Math.max(count, 1) - listed;
  for (let at = 0; at < unlisted; at += 1) yield { finding: findingAt(alert, []), request: null };
}

function findingAt(alert: Alert, places: readonly FoundPlace[]): Finding {
  const { pluginid, alertRef = pluginid, name, riskcode, confidence } = alert;
  return {
    ...{ rule: alertRef, message: name, places },
    aliases: alertRef === pluginid ? [] : [pluginid],
    level: levelOf(riskcode),
    isSuppressed: confidence === FALSE_POSITIVE,
  };
}

const levelOf = levelsByWord({ 0: 'note', 1: 'low', 2: 'medium', 3: 'high' });
/** A person has set it, or a filter of alerts. */
const FALSE_POSITIVE = '0';
