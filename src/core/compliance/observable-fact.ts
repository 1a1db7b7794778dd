/** What Surefoot can find out by itself on the machine that it runs on. Who looks is the concern of others. */
export const observableFacts = {
  'configuration-valid': 'The configuration is valid.',
  'state-directory-private': 'Nobody but its user reads or writes what Surefoot keeps.',
  'control-sockets-private': 'Nobody but its user opens the control sockets.',
  'no-tcp-control': 'No process of Surefoot listens on TCP but for the addresses of balancers.',
  'postgres-on-socket': 'PostgreSQL listens on a private Unix socket only.',
  'audit-log-kept': 'The audit log has no gap, and nothing in it can be changed or removed.',
  'process-logs-kept': 'Every process of Surefoot that runs writes a log.',
  'address-leaves-machine': 'Other machines can reach the declared address.',
  'client-tls': 'The declared address speaks TLS 1.2 or later, with a certificate that is trusted.',
  'client-aes-256-gcm': 'The declared address speaks TLS with AES-256-GCM.',
  'security-headers': 'Answers of the declared address have the headers that protect browsers.',
  'finding-limits':
    'No check puts up with findings from medium on, nor with vulnerabilities from low on.',
  'vulnerabilities-judged': 'What is asked of components says something of their vulnerabilities.',
  'tested-by-tools': 'A check of V9 is of a scanner that sends requests.',
  'tested-by-people':
    'A check of V9 is a report that a person has signed, which may be a year old at most.',
  'control-limits': 'No check of controls puts up with one that fails, or is left unchecked.',
  'backups-verified':
    'The newest backup of each that is declared was restored and compared, and is young enough.',
  'backups-automated':
    'The server takes each backup that is declared by itself, and none was missed.',
  'load-limits': 'The load tests ask for as much as the protocol does.',
} as const;

export type FactName = keyof typeof observableFacts;

export interface Observation {
  /** `unknown`: it could not be found out. */
  readonly state: 'holds' | 'broken' | 'unknown';
  /** In one line. */
  readonly observed: string;
}
