/** Who is told of what, and when: each rule as a sentence, and a form behind it. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { NotificationRule, Notifications } from '../../../src/api/contract.ts';
import { Panel } from '../part/page.tsx';
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
          <Button size="sm" variant="outline-secondary" onClick={() => setEditing(rules.length)}>
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
          <li key={rule.name} className="rule">
            {editing === i ? (
              formFor(i)
            ) : (
              <>
                <div className="rule-text">
                  <h3>{rule.name}</h3>
                  <p className="mb-0">{ruleInWords(rule)}</p>
                </div>
                {own && (
                  <div className="rule-actions">
                    <Button
                      variant="outline-secondary"
                      size="sm"
                      aria-label={`Change the rule ${rule.name}`}
                      onClick={() => setEditing(i)}
                    >
                      Change
                    </Button>
                    <Button
                      variant="outline-secondary"
                      size="sm"
                      aria-label={`Remove the rule ${rule.name}`}
                      onClick={() =>
                        save.mutate(rules.toSpliced(i, 1), {
                          onSuccess: () => tell(`“${rule.name}” is removed.`, () => save.mutateAsync(rules)),
                          onError: tellFailure,
                        })
                      }
                    >
                      Remove
                    </Button>
                  </div>
                )}
              </>
            )}
          </li>
        ))}
        {editing === rules.length && <li className="rule">{formFor(rules.length)}</li>}
      </ul>
    </Panel>
  );
}
