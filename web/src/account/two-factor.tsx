/** The authenticator of the own account: begin, confirm with a code, recovery codes, end. */
import { type FormEvent, useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { TwoFactor } from '../../../src/api/contract.ts';
import { Icon } from '../part/icon.tsx';
import { Panel } from '../part/page.tsx';
import { QrCode } from '../part/qr-code.tsx';
import { Failure, Note } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { AskPassword } from './ask-password.tsx';
import { useBeginTwoFactor, useConfirmTwoFactor, useEndTwoFactor, useNewRecoveryCodes } from './queries.ts';
import { TextField } from './text-field.tsx';

type Step = 'none' | 'begin' | 'end' | 'codes';

export function TwoFactorPanel({ on }: { on: boolean }) {
  const [step, setStep] = useState<Step>('none');
  const begin = useBeginTwoFactor();
  const end = useEndTwoFactor();
  const renew = useNewRecoveryCodes();
  const leave = () => {
    for (const one of [begin, end, renew]) one.reset();
    setStep('none');
  };
  const choose = (next: Step) => {
    leave();
    setStep(next);
  };
  return (
    <Panel title="Second factor">
      <p>
        {on ? (
          <span className="verdict-fine">
            <Icon name="check" /> Your authenticator is asked for a code when you sign in.
          </span>
        ) : (
          'An app such as Aegis or Google Authenticator shows a code that is asked for after the password. Whoever has found out the password cannot sign in with it alone.'
        )}
      </p>
      {step === 'none' && !on && <Button onClick={() => choose('begin')}>Set an authenticator up</Button>}
      {step === 'none' && on && (
        <div className="form-actions">
          <Button variant="outline-secondary" onClick={() => choose('codes')}>
            New recovery codes
          </Button>
          <Button variant="outline-secondary" onClick={() => choose('end')}>
            Do without it
          </Button>
        </div>
      )}
      {step === 'begin' && !begin.data && (
        <AskPassword
          action="Continue"
          pending={begin.isPending}
          error={begin.error}
          onPassword={(password) => begin.mutate(password)}
          onCancel={leave}
        />
      )}
      {step === 'begin' && begin.data && <Confirm made={begin.data} onDone={leave} />}
      {step === 'codes' && !renew.data && (
        <AskPassword
          action="Make new codes"
          pending={renew.isPending}
          error={renew.error}
          onPassword={(password) => renew.mutate(password)}
          onCancel={leave}
        />
      )}
      {step === 'codes' && renew.data && (
        <>
          <RecoveryCodes codes={renew.data.recovery_codes} />
          <Button onClick={leave}>I have kept them</Button>
        </>
      )}
      {step === 'end' && (
        <AskPassword
          action="Do without it"
          pending={end.isPending}
          error={end.error}
          onPassword={(password) =>
            end.mutate(password, {
              onSuccess: () => {
                tell('You sign in with the password alone.');
                leave();
              },
            })
          }
          onCancel={leave}
        />
      )}
    </Panel>
  );
}

function Confirm({ made, onDone }: { made: TwoFactor; onDone: () => void }) {
  const [code, setCode] = useState('');
  const confirm = useConfirmTwoFactor();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code, {
      onSuccess: () => {
        tell('The authenticator is asked for when you sign in.');
        onDone();
      },
    });
  };
  return (
    <form className="settings-form" onSubmit={submit}>
      <p className="mb-0">Scan this with the app, or type the key into it:</p>
      <QrCode text={made.uri} label="The key of the authenticator as a QR code" />
      <p className="mb-0">
        <code className="secret-text">{made.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <RecoveryCodes codes={made.recovery_codes} />
      {confirm.error && <Failure error={confirm.error} />}
      <TextField
        label="Code"
        description="The six digits that the app shows now."
        autoComplete="one-time-code"
        inputMode="numeric"
        value={code}
        onChange={setCode}
      />
      <div className="form-actions">
        <Button type="submit" disabled={confirm.isPending}>
          Switch it on
        </Button>
        <Button variant="outline-secondary" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <Note>
        Write these codes down. When the app is lost, each lets you in once in its place. They are not shown again.
      </Note>
      <ul className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
