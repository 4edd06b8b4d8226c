import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate that vouches for itself, and its key: made for one run, thrown away after it. */
export function createCertificate(subjectAltName: string): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'typewire-certificate-'));
  const cert = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  try {
    const request = [
      'req',
      '-x509',
      '-nodes',
      '-days',
      '2',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
    ];
    const subject = ['-subj', '/CN=typewire test', '-addext', `subjectAltName=${subjectAltName}`];
    execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
