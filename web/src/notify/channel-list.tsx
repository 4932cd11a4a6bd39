/** The channels as cards, and the way to a new one. */
import { useState } from 'react';
import Button from 'react-bootstrap/Button';
import type { Notifications } from '../../../src/api/contract.ts';
import { Panel } from '../part/page.tsx';
import { useReturnFocus } from '../part/return-focus.ts';
import { Empty } from '../part/state.tsx';
import { ChannelCard } from './channel-card.tsx';
import { ChannelForm } from './channel-form.tsx';

export function ChannelList({ notifications: { channels, forms } }: { notifications: Notifications }) {
  const [adding, setAdding] = useState(false);
  const add = useReturnFocus(adding);
  return (
    <Panel
      title="Channels"
      aside={
        !adding && (
          <Button ref={add} size="sm" onClick={() => setAdding(true)}>
            Add a channel
          </Button>
        )
      }
    >
      {adding && (
        <section className="channel-new" aria-label="New channel">
          <ChannelForm forms={forms} onDone={() => setAdding(false)} />
        </section>
      )}
      {channels.length === 0 && !adding && (
        <Empty icon="bellOff" title="Nobody is told yet">
          Add e-mail, push, chat, a webhook or Home Assistant, and alerts arrive there. Nothing leaves this machine
          before.
        </Empty>
      )}
      <ul className="channels">
        {channels.map((channel) => (
          <ChannelCard key={channel.name} channel={channel} forms={forms} />
        ))}
      </ul>
    </Panel>
  );
}
