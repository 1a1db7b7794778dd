/** Every built-in driver. Adding one is a folder and a line here; nothing else changes. */
import { commandBackup } from './backup/command/driver.ts';
import { filesBackup } from './backup/files/driver.ts';
import { mysqlBackup } from './backup/mysql/driver.ts';
import { pgBaseBackup } from './backup/pg-base/driver.ts';
import { pgDumpBackup } from './backup/pg-dump/driver.ts';
import { sqliteBackup } from './backup/sqlite/driver.ts';
import { edgeBalancer } from './balancer/edge/driver.ts';
import type { Driver } from './contract.ts';
import { commandMigration } from './migration/command/driver.ts';
import { dbmateMigration } from './migration/dbmate/driver.ts';
import { nodePgMigrateMigration } from './migration/node-pg-migrate/driver.ts';
import { sqlMigration } from './migration/sql/driver.ts';
import { httpProbe } from './probe/http/driver.ts';
import { tcpProbe } from './probe/tcp/driver.ts';
import { autocannonReport } from './report/autocannon/driver.ts';
import { checkstyleReport } from './report/checkstyle/driver.ts';
import { coberturaReport } from './report/cobertura/driver.ts';
import { cyclonedxReport } from './report/cyclonedx/driver.ts';
import { grypeReport } from './report/grype/driver.ts';
import { heyReport } from './report/hey/driver.ts';
import { inspecReport } from './report/inspec/driver.ts';
import { junitReport } from './report/junit/driver.ts';
import { k6Report } from './report/k6/driver.ts';
import { lcovReport } from './report/lcov/driver.ts';
import { loadReport } from './report/load/driver.ts';
import { lynisReport } from './report/lynis/driver.ts';
import { npmAuditReport } from './report/npm-audit/driver.ts';
import { nucleiReport } from './report/nuclei/driver.ts';
import { osvReport } from './report/osv/driver.ts';
import { prometheusReport } from './report/prometheus/driver.ts';
import { retireReport } from './report/retire/driver.ts';
import { sarifReport } from './report/sarif/driver.ts';
import { signedReport } from './report/signed/driver.ts';
import { spdxReport } from './report/spdx/driver.ts';
import { sslscanReport } from './report/sslscan/driver.ts';
import { stressReport } from './report/stress/driver.ts';
import { tapReport } from './report/tap/driver.ts';
import { trivyReport } from './report/trivy/driver.ts';
import { wapitiReport } from './report/wapiti/driver.ts';
import { wrkReport } from './report/wrk/driver.ts';
import { xccdfReport } from './report/xccdf/driver.ts';
import { zapReport } from './report/zap/driver.ts';
import { localTarget } from './target/local/driver.ts';

export const builtInDrivers: readonly Driver[] = [
  localTarget,
  edgeBalancer,
  filesBackup,
  pgBaseBackup,
  pgDumpBackup,
  mysqlBackup,
  sqliteBackup,
  commandBackup,
  sqlMigration,
  dbmateMigration,
  nodePgMigrateMigration,
  commandMigration,
  httpProbe,
  tcpProbe,
  sarifReport,
  checkstyleReport,
  junitReport,
  lcovReport,
  coberturaReport,
  tapReport,
  cyclonedxReport,
  spdxReport,
  signedReport,
  xccdfReport,
  inspecReport,
  lynisReport,
  wapitiReport,
  sslscanReport,
  zapReport,
  nucleiReport,
  npmAuditReport,
  osvReport,
  trivyReport,
  grypeReport,
  retireReport,
  loadReport,
  stressReport,
  k6Report,
  autocannonReport,
  wrkReport,
  heyReport,
  prometheusReport,
];
