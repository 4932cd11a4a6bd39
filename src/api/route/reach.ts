/** What a phone or another computer needs to open the dashboard without a warning. */
import type { AddressInfo } from 'node:net';
import { AppError } from '../../errors.ts';
import type { App } from '../app.ts';
import { authoritySchema, reachSchema } from '../contract.ts';
import type { ReachPort } from '../port/reach.ts';
import { answer } from './answer.ts';

export function reachRoutes(app: App, reach: ReachPort): void {
  const authority = reach.keeper?.authority ?? null;

  app.get(
    '/api/v1/authority',
    {
      schema: {
        summary: 'The certificate authority of this Guardian',
        response: answer(authoritySchema),
      },
    },
    () => ({
      authority: authority && {
        name: authority.name,
        fingerprint: authority.fingerprint,
        expires: authority.expires / 1000,
      },
    }),
  );

  app.get('/authority.crt', { schema: { hide: true } }, (_request, reply) => {
    if (!authority) throw new AppError('no_authority', {});
    return reply
      .type('application/x-x509-ca-cert')
      .header('content-disposition', 'attachment; filename="home-iot-guardian.crt"')
      .send(authority.certificate);
  });

  app.get(
    '/api/v1/reach',
    { schema: { summary: 'Where the dashboard can be opened', response: answer(reachSchema) } },
    () => ({
      urls: reach.urls((app.server.address() as AddressInfo).port),
      https: reach.keeper !== null,
      this_machine_only: reach.isLocal,
    }),
  );
}
