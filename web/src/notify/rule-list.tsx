/** Who is told of what, and when: each rule as a sentence, and a form behind it. */
import { type ReactNode, useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { NotificationRule, Notifications } from '../../../src/api/contract.ts';
import { Panel } from '../part/page.tsx';
import { useReturnFocus } from '../part/return-focus.ts';
import { Note } from '../part/state.tsx';
import { tell, tellFailure } from '../part/toast.tsx';
import { useSaveRules } from './queries.ts';
import { RuleForm } from './rule-form.tsx';
import { ruleInWords } from './rule-words.ts';

const newRule: NotificationRule = {
  name: '',
  channels: ['*'],
  minSeverity: 'Medium',
  kinds: [],
  devices: [],
  escalate: [],
};

export function RuleList({ notifications }: { notifications: Notifications }) {
  const { rules, rules_from, channels } = notifications;
  /** Index of the rule that is being written; behind the last for a new one. */
  const [editing, setEditing] = useState<number | null>(null);
  const add = useReturnFocus(editing !== null && editing >= rules.length);
  const save = useSaveRules();
  const names = channels.map(({ name }) => name);
  const own = rules_from === 'page';

  const keep = (changed: readonly NotificationRule[], done: string) =>
    save.mutate(changed, {
      onSuccess() {
        setEditing(null);
        // With the list as it was: nobody else has changed it in these seconds.
        tell(done, () => save.mutateAsync(rules));
      },
    });
  const formFor = (index: number) => (
    <RuleForm
      rule={rules[index] ?? newRule}
      index={index}
      channels={names}
      error={save.error}
      busy={save.isPending}
      onSave={(rule) => keep(rules.toSpliced(index, 1, rule), `“${rule.name}” is kept.`)}
      onCancel={() => {
        save.reset();
        setEditing(null);
      }}
    />
  );

  return (
    <Panel
      title="Rules"
      aside={
        own &&
        editing === null && (
          <Button ref={add} size="sm" variant="outline-secondary" onClick={() => setEditing(rules.length)}>
            Add a rule
          </Button>
        )
      }
    >
      {!own && <Note>These rules stand in guardian.yaml and are changed there.</Note>}
      {rules.length === 0 && editing === null && (
        <p className="mb-0">
          There is no rule: everything from Medium up goes to every channel at once. A rule of your own takes the place
          of that.
        </p>
      )}
      <ul className="rules">
        {rules.map((rule, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, and order is part of what rules say
          <li key={`${i} ${rule.name}`} className="rule">
            <RuleItem
              rule={rule}
              own={own}
              form={editing === i ? formFor(i) : null}
              onChange={() => setEditing(i)}
              onRemove={() =>
                save.mutate(rules.toSpliced(i, 1), {
                  onSuccess: () => tell(`“${rule.name}” is removed.`, () => save.mutateAsync(rules)),
                  onError: tellFailure,
                })
              }
            />
          </li>
        ))}
        {editing === rules.length && <li className="rule">{formFor(rules.length)}</li>}
      </ul>
    </Panel>
  );
}

interface RuleItemProps {
  rule: NotificationRule;
  /** Can be changed here. */
  own: boolean;
  /** In place of the rule while it is changed. */
  form: ReactNode;
  onChange: () => void;
  onRemove: () => void;
}

function RuleItem({ rule, own, form, onChange, onRemove }: RuleItemProps) {
  const change = useReturnFocus(form !== null);
  if (form !== null) return form;
  return (
    <>
      <div className="rule-text">
        <h3>{rule.name}</h3>
        <p className="mb-0">{ruleInWords(rule)}</p>
      </div>
      {own && (
        <div className="rule-actions">
          <Button
            ref={change}
            variant="outline-secondary"
            size="sm"
            aria-label={`Change the rule ${rule.name}`}
            onClick={onChange}
          >
            Change
          </Button>
          <Button variant="outline-secondary" size="sm" aria-label={`Remove the rule ${rule.name}`} onClick={onRemove}>
            Remove
          </Button>
        </div>
      )}
    </>
  );
}
