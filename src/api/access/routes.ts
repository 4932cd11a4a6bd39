/**
 * Who may use which route: the one list. A route that is not here is for administrators alone, and fails
 * test/api/access.test.ts; docs/security.md is generated from it. HEAD goes as GET.
 */
import type { Access } from '../../account/role.ts';

export const routeAccess: Record<string, Access> = {
  // The published interface
  'POST /upload': 'upload',
  'GET /history': 'read',
  'GET /scan/:id': 'read',
  'GET /status': 'read',

  // For whoever keeps it running
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'read',

  // Signing in
  'GET /api/v1/session': 'public',
  'POST /api/v1/session': 'public',
  'POST /api/v1/session/code': 'public',
  'DELETE /api/v1/session': 'public',
  'POST /api/v1/set-up': 'public',
  'GET /api/v1/session/oidc': 'public',
  'GET /api/v1/session/oidc/callback': 'public',

  // From another device: what it is to trust, and where
  'GET /api/v1/authority': 'public',
  'GET /authority.crt': 'public',
  'GET /api/v1/reach': 'read',

  // The own account
  'GET /api/v1/account': 'person',
  'PUT /api/v1/account/password': 'person',
  'DELETE /api/v1/account/sessions': 'person',
  'DELETE /api/v1/account/sessions/:id': 'person',
  'POST /api/v1/account/two-factor': 'person',
  'POST /api/v1/account/two-factor/confirm': 'person',
  'POST /api/v1/account/two-factor/recovery-codes': 'person',
  'DELETE /api/v1/account/two-factor': 'person',
  'POST /api/v1/account/oidc': 'person',
  'GET /api/v1/tokens': 'person',
  'POST /api/v1/tokens': 'person',
  'DELETE /api/v1/tokens/:id': 'person',

  // Everybody's accounts
  'GET /api/v1/users': 'admin',
  'POST /api/v1/users': 'admin',
  'PATCH /api/v1/users/:id': 'admin',
  'DELETE /api/v1/users/:id': 'admin',
  'PUT /api/v1/users/:id/password': 'admin',
  'DELETE /api/v1/users/:id/two-factor': 'admin',
  'GET /api/v1/oidc': 'admin',
  'POST /api/v1/oidc/test': 'admin',
  'GET /api/v1/audit': 'admin',
  'GET /api/v1/audit/export': 'admin',

  // What was seen
  'GET /api/v1/scans': 'read',
  'GET /api/v1/scans/:id': 'read',
  'GET /api/v1/events': 'read',
  'GET /api/v1/openapi.json': 'read',
  'GET /api/docs': 'read',
  'GET /api/docs/': 'read',
  'GET /api/docs/json': 'read',
  'GET /api/docs/yaml': 'read',
  'GET /api/docs/static/*': 'read',
  'GET /api/docs/static/index.html': 'read',
  'GET /api/docs/static/swagger-initializer.js': 'read',
  'GET /api/v1/monitor': 'read',
  'GET /api/v1/monitor/traffic': 'read',
  'GET /api/v1/interfaces': 'read',
  'GET /api/v1/devices': 'read',
  'GET /api/v1/devices/:mac': 'read',
  'GET /api/v1/alerts': 'read',
  'GET /api/v1/alerts/:id': 'read',
  'GET /api/v1/alerts/:id/notifications': 'read',
  'GET /api/v1/mutes': 'read',
  'GET /api/v1/flows': 'read',
  'GET /api/v1/flows/export': 'read',
  'GET /api/v1/alerts/export': 'read',
  'GET /api/v1/devices/export': 'read',
  'GET /api/v1/scans/export': 'read',
  'GET /api/v1/flows/top': 'read',
  'GET /api/v1/flows/chart': 'read',

  // Acting on it
  'POST /api/v1/alerts/:id/acknowledge': 'operate',
  'POST /api/v1/alerts/:id/reopen': 'operate',
  'POST /api/v1/alerts/:id/expected': 'operate',
  'POST /api/v1/alerts/:id/expected/preview': 'operate',
  'POST /api/v1/mutes': 'operate',
  'POST /api/v1/mutes/preview': 'operate',
  'DELETE /api/v1/mutes/:id': 'operate',
  'DELETE /api/v1/scans/:id': 'operate',
  'PATCH /api/v1/devices/:mac': 'operate',
  'POST /api/v1/devices/:mac/merge': 'operate',
  'POST /api/v1/discovery': 'operate',

  // Settings, secrets, and what cannot be had back
  'DELETE /api/v1/devices/:mac': 'admin',
  'POST /api/v1/monitor/start': 'admin',
  'POST /api/v1/monitor/stop': 'admin',
  'GET /api/v1/notifications': 'admin',
  'PUT /api/v1/notifications/channels/:name': 'admin',
  'DELETE /api/v1/notifications/channels/:name': 'admin',
  'POST /api/v1/notifications/channels/:name/test': 'admin',
  'PUT /api/v1/notifications/rules': 'admin',
  'PUT /api/v1/notifications/options': 'admin',
  'GET /api/v1/notifications/deliveries': 'admin',
  'POST /api/v1/notifications/deliveries/:id/retry': 'admin',
};

/** Changes in name only: they are not written down. */
export const unaudited: ReadonlySet<string> = new Set(['POST /api/v1/mutes/preview']);
