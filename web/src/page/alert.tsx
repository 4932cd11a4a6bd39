/** One alert: the sentence, what it may mean and what to do; the evidence below it. */

import type { AlertReport } from '../../../src/api/contract.ts';
import { May } from '../account/may.tsx';
import { AlertActions } from '../alert/actions.tsx';
import { AlertChart } from '../alert/chart.tsx';
import { Connections } from '../alert/connections.tsx';
import { MuteForm } from '../alert/mute-form.tsx';
import { useAlert } from '../alert/queries.ts';
import { WhyTold } from '../alert/why-told.tsx';
import { deviceInWords, factInWords, kindInWords, sentenceInWords, statusInWords } from '../alert/words.ts';
import { ApiError } from '../api.ts';
import { useNameOf } from '../device/name-of.ts';
import { formatConfidence, formatExact, plural } from '../format.ts';
import { Page, Panel } from '../part/page.tsx';
import { SeverityBadge } from '../part/severity.tsx';
import { Failure, Skeleton } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { Link } from '../router.tsx';

export function AlertPage({ id }: { id: number }) {
  const { data: alert, error, isPending, refetch } = useAlert(id);
  if (alert) return <Report alert={alert} />;
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <Page title={`Alert ${id}`} heading={missing ? `There is no alert ${id}` : `Alert ${id}`}>
      {isPending && <Skeleton lines={10} label={`Loading alert ${id}`} />}
      {missing && (
        <p>
          It may have been forgotten with its device. The <Link href="/alerts?status=all">list of alerts</Link> has
          those that exist.
        </p>
      )}
      {error && !missing && <Failure error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function Report({ alert }: { alert: AlertReport }) {
  const said = (text: string): string => text.replaceAll(alert.device, () => deviceInWords(alert));
  return (
    <Page
      title={`Alert ${alert.id}`}
      heading={
        <>
          <SeverityBadge severity={alert.severity} /> {sentenceInWords(alert)}
        </>
      }
      lead={<Facts alert={alert} />}
    >
      <May as="operator">
        <AlertActions alert={alert} />
      </May>
      <Panel title="What to do">
        <p>{said(alert.meaning)}</p>
        <ol className="steps">
          {alert.advice.map((step) => (
            <li key={step}>{said(step)}</li>
          ))}
        </ol>
      </Panel>
      <AlertChart alert={alert} />
      <div className="columns">
        <Evidence alert={alert} />
        <Timeline alert={alert} />
      </div>
      <Connections alert={alert} />
      <May as="operator">
        <MuteForm alert={alert} />
      </May>
      <WhyTold id={alert.id} />
    </Page>
  );
}

function Facts({ alert }: { alert: AlertReport }) {
  return (
    <span className="origin">
      <span className="origin-file">
        {alert.mac ? <Link href={`/devices/${alert.mac}`}>{deviceInWords(alert)}</Link> : deviceInWords(alert)}
      </span>
      <span className="num">{alert.hosts[0] ?? alert.address}</span>
      <span>
        began <When time={alert.ts} />
      </span>
      <span>{formatConfidence(alert.confidence)}</span>
      <span>{statusInWords(alert.status)}</span>
    </span>
  );
}

function Evidence({ alert }: { alert: AlertReport }) {
  const nameOf = useNameOf();
  const hosts = alert.hosts.length > 0 ? alert.hosts : [alert.address];
  return (
    <Panel title="Evidence">
      <dl className="facts">
        <div>
          <dt>Kind</dt>
          <dd>{kindInWords(alert.kind)}</dd>
        </div>
        {alert.facts.map((fact) => (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{factInWords(fact)}</dd>
          </div>
        ))}
        <div>
          <dt>Who takes part</dt>
          <dd>{hosts.map((host) => (nameOf(host) ? `${nameOf(host)} (${host})` : host)).join(', ')}</dd>
        </div>
      </dl>
    </Panel>
  );
}

function Timeline({ alert }: { alert: AlertReport }) {
  const steps = [
    { ts: alert.ts, what: 'First sign' },
    { ts: alert.raised_ts, what: 'Raised' },
    { ts: alert.end_ts, what: `Latest sign, ${plural(alert.flows, 'connection')} in all` },
  ].sort((a, b) => a.ts - b.ts);
  return (
    <Panel title="Timeline">
      <ol className="timeline">
        {steps.map(({ ts, what }) => (
          <li key={what}>
            <time dateTime={new Date(ts * 1000).toISOString()}>{formatExact(new Date(ts * 1000))}</time>
            <span>{what}</span>
          </li>
        ))}
        <li>
          <span className="text-body-secondary">Now</span>
          <span>{statusInWords(alert.status)}</span>
        </li>
      </ol>
    </Panel>
  );
}
