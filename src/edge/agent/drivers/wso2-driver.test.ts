import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Workload } from '#model/resources';
import { wso2Driver } from './wso2-driver.ts';

describe('wso2Driver()', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'chancery-wso2-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const workload = (): Workload =>
    ({
      spec: {
        driver: 'wso2',
        files: [{ path: join(folder, 'client-truststore.jks'), content: 'bundle', of: 'backends', format: 'jks' }],
      },
    }) as unknown as Workload;

  test('touches the profiles beside a store, to a later time even when their clock is ahead', async () => {
    const path = join(folder, 'sslprofiles.xml');
    writeFileSync(path, '<parameter name="customSSLProfiles"/>');
    const ahead = new Date(Date.now() + 3_600_000);
    for (const before of [new Date(0), ahead]) {
      utimesSync(path, before, before);
      const { step } = await wso2Driver(workload()).reload({ files: [], workload: workload() });
      assert.equal(step.ok, true);
      assert.ok(statSync(path).mtimeMs >= Math.max(before.getTime() + 900, Date.now() - 5000));
    }
  });

  test('says that nothing makes the server read its stores when there are no profiles', async () => {
    const { step } = await wso2Driver(workload()).reload({ files: [], workload: workload() });
    assert.ok(!step.ok && step.message.includes('sslprofiles.xml'));
  });
});
