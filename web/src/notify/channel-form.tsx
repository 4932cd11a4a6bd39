/** A channel to make or to change: what matters first, the rest on request. */
import { type FormEvent, useId, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import type { ChannelForm as FormOf, NotificationChannel } from '../../../src/api/contract.ts';
import { ApiError } from '../api.ts';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { keptSecret, toChange, toValues } from './channel-values.ts';
import { described, Field, Labelled } from './field.tsx';
import { problemsOf, useFocusOnProblem } from './problems.ts';
import { useSaveChannel } from './queries.ts';

interface ChannelFormProps {
  forms: readonly FormOf[];
  /** The one to change; without it a new one is made. */
  channel?: NotificationChannel;
  onDone: () => void;
}

export function ChannelForm({ forms, channel, onDone }: ChannelFormProps) {
  const [kind, setKind] = useState(channel?.kind ?? forms[0].kind);
  const form = forms.find((one) => one.kind === kind) ?? forms[0];
  const [name, setName] = useState(channel?.name ?? '');
  const [values, setValues] = useState(() => toValues(form, channel));
  const save = useSaveChannel();
  const ref = useFocusOnProblem(save.error);
  const problem = problemsOf(save.error);
  const prefix = useId();

  const choose = (next: string) => {
    setKind(next);
    setValues(toValues(forms.find((one) => one.kind === next) ?? forms[0]));
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const change = toChange(form, values, channel?.enabled ?? true);
    save.mutate(
      { name: name.trim(), change },
      {
        onSuccess() {
          onDone();
          tell(
            channel ? `“${channel.name}” is changed.` : `“${name.trim()}” is set up. Send a test message to be sure.`,
          );
        },
      },
    );
  };

  const fields = form.fields.map((field) => (
    <Field
      key={field.name}
      id={`${prefix}-${field.name}`}
      field={field}
      value={values[field.name]}
      kept={keptSecret(channel, field)}
      problem={problem(field.name, field.label)}
      onChange={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
    />
  ));
  const wrong = (rare: boolean) => form.fields.some((one) => one.rare === rare && problem(one.name, one.label));
  const namedBeside = save.error instanceof ApiError && save.error.fields.length > 0;
  return (
    <Form ref={ref} className="settings-form" onSubmit={submit}>
      {!channel && (
        <div className="field-row">
          <Labelled id="new-channel-kind" label="Kind">
            {/* The button that opened the form is gone: the next key belongs here. */}
            <Form.Select autoFocus value={kind} onChange={({ target }) => choose(target.value)}>
              {forms.map((one) => (
                <option key={one.kind} value={one.kind}>
                  {one.label}
                </option>
              ))}
            </Form.Select>
          </Labelled>
          <Labelled
            id="new-channel-name"
            label="Name"
            description="As rules and this page call it."
            problem={problem('name', 'Name')}
          >
            <Form.Control
              {...described('new-channel-name', true, problem('name', 'Name'))}
              required
              maxLength={64}
              autoComplete="off"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          </Labelled>
        </div>
      )}
      {fields.filter((_, i) => !form.fields[i].rare)}
      <details className="more-settings" open={wrong(true) || undefined}>
        <summary>More settings</summary>
        <p className="field-about">{usualValues(form)}</p>
        {fields.filter((_, i) => form.fields[i].rare)}
      </details>
      {save.error && !namedBeside && <Failure error={save.error} takeFocus />}
      <div className="form-actions">
        <Button type="submit" disabled={save.isPending}>
          {channel ? 'Save' : 'Add it'}
        </Button>
        <Button variant="outline-secondary" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}

/** "Server smtp.gmail.com, port 465, …": what is taken as long as nobody looks. */
function usualValues({ fields }: FormOf): string {
  const usual = fields.filter((field) => typeof field.default === 'string' || typeof field.default === 'number');
  if (usual.length === 0) return '';
  return `Unless changed: ${usual.map(({ label, default: value }) => `${label.toLowerCase()} ${value}`).join(', ')}.`;
}
