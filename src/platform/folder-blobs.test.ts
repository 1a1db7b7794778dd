import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { describeBlobStore } from '../../test/support/blob-store-contract.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { folderBlobs } from './folder-blobs.ts';

describeBlobStore('folder', (t) => {
  const root = temporaryFolder(t);
  return {
    store: folderBlobs(root),
    unfinished: () =>
      readdirSync(root, { recursive: true })
        .map(String)
        .filter((path) => path.endsWith('.tmp')),
    leaveHalf(path) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, `${path}.${randomUUID()}.tmp`), 'half');
      return Promise.resolve();
    },
  };
});
