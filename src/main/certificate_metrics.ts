// How long each certificate still lasts, for those who watch Prometheus rather than events.
import { Gauge, type Registry } from 'prom-client';
import type { Certificates } from './certificates.ts';

export function measureExpiry(registry: Registry, certificates: Certificates): void {
  new Gauge({
    name: 'overair_certificate_expiry_seconds',
    help: 'Seconds until the end of a certificate, or until a revocation list must be renewed.',
    labelNames: ['role', 'subject', 'path'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { role, subject, path, notAfter } of certificates.watched())
        this.set({ role, subject, path }, (notAfter.getTime() - Date.now()) / 1000);
    },
  });
}
