// What only the program that is shipped can show: the tests of the others are of programs with sanitizers in them, whose passwords are cheap to check.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const bin = process.env.YIZHAN_BIN;
const share = fileURLToPath(new URL('../../data', import.meta.url));

test('a password costs who guesses it 64 MiB twice over', { skip: bin ? false : 'YIZHAN_BIN is not set' }, (t) => {
  const data = mkdtempSync(join(tmpdir(), 'yizhan-release-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  execFileSync(bin, ['user', 'add', 'wang', '--role', 'city_admin', '--password-stdin', '--data', data, '--share', share], { input: 'a long enough password' });
  const hash = execFileSync('sqlite3', ['-readonly', join(data, 'yizhan.db'), "SELECT password FROM people WHERE login = 'wang'"]).toString();
  assert.match(hash, /^\$argon2id\$v=19\$m=65536,t=2,p=1\$/);
});
