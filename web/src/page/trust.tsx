/** To open Guardian on a phone or another computer, without a warning. Also for those who cannot sign in yet. */
import { useSession } from '../account/queries.ts';
import { Page, Panel } from '../part/page.tsx';
import { QrCode } from '../part/qr-code.tsx';
import { Failure, Note, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { useAuthority, useReach } from '../reach/queries.ts';
import { stepsForHere } from '../reach/trust-steps.tsx';

export function TrustPage() {
  const { data: session } = useSession();
  const isIn = session?.mode === 'open' || Boolean(session?.user);
  const { data, error, isPending, refetch } = useAuthority();
  return (
    <Page
      title="Other devices"
      heading="Open it on other devices"
      lead="On a phone from the sofa, or on another computer of your network."
    >
      {isIn && <Addresses isOpen={session?.mode === 'open'} />}
      {isPending && <Skeleton lines={4} label="Loading the certificate" />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.authority && (
        <Panel title="Trust this Guardian once">
          <p>
            The connection is encrypted with a certificate that this Guardian has made. A device shows a warning until
            it trusts the authority <b>{data.authority.name}</b>: it vouches for names and addresses of a home alone,
            never for other sites.
          </p>
          <p>
            <a className="btn btn-primary" href="/authority.crt" download="home-iot-guardian.crt">
              Download the certificate
            </a>
          </p>
          <p>
            Compare its SHA-256 fingerprint with the one that another device shows here, or the terminal of the machine:
          </p>
          <p>
            <code className="fingerprint">{data.authority.fingerprint}</code>
          </p>
          <p className="text-body-secondary">
            Good until <When time={data.authority.expires} />.
          </p>
          {stepsForHere(navigator.userAgent).map(({ steps: { system, steps }, isHere }) => (
            <details className="more-settings" key={system} open={isHere}>
              <summary>{system}</summary>
              <ol>
                {steps.map((step, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
                  <li key={i}>{step}</li>
                ))}
              </ol>
            </details>
          ))}
        </Panel>
      )}
    </Page>
  );
}

function Addresses({ isOpen }: { isOpen: boolean }) {
  const { data: reach, error, isPending, refetch } = useReach(true);
  if (isPending) return <Skeleton lines={3} label="Loading the addresses" />;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (reach.this_machine_only) {
    return (
      <Note>
        Guardian answers on this machine only{isOpen && ', and asks nobody for a login'}. Stop it and start it with{' '}
        <code>guardian serve --host 0.0.0.0</code>: then it asks for a login, speaks HTTPS, and this page shows the
        address for your phone. To keep it so, set <code>server.host</code> in guardian.yaml.
      </Note>
    );
  }
  const [best] = reach.urls;
  return (
    <Panel title="Addresses">
      <div className="reach">
        <QrCode text={`${best}/trust`} label={`QR code of ${best}/trust`} />
        <div>
          <p>Point the camera of the phone at the code: it opens this page there. Or type one of these:</p>
          <ul>
            {reach.urls.map((url) => (
              <li key={url}>
                <a href={url}>{url}</a>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Panel>
  );
}
