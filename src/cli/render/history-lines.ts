/** Deployments below each other, newest first. */
import type { DeploymentAnswer } from '../../api/contract/answers.ts';
import { releases } from '../../core/words/releases.ts';
import { escapeText } from './escape-text.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { stateText } from './status-lines.ts';
import { tableLines } from './table.ts';

export function historyLines(deployments: readonly DeploymentAnswer[], columns: number): string[] {
  const rows = deployments.map((deployment) => [
    deployment.id,
    deployment.createdAt.slice(0, 19).replace('T', ' '),
    deployment.kind,
    releases(deployment.services),
    deployment.environment,
    stateText(deployment),
    deployment.summary ? showDuration(deployment.summary.totalMs) : '-',
    String(deployment.summary?.exposure.clientErrors ?? '-'),
    deployment.actor,
    deployment.summary?.cause?.failure.code ?? deployment.reason,
  ]);
  const header = [
    'ID',
    'STARTED (UTC)',
    'KIND',
    'RELEASE',
    'ENVIRONMENT',
    'OUTCOME',
    'TOOK',
    'CLIENT ERRORS',
    'BY',
    'WHY',
  ];
  return tableLines({ header, rows: rows.map((row) => row.map(escapeText)), columns });
}
