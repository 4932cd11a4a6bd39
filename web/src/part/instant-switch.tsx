/** A switch that works at once, and turns back when the server refuses. */
import { useState } from 'react';
import Form from 'react-bootstrap/Form';
import type { FormCheckProps } from 'react-bootstrap/FormCheck';
import { tellFailure } from './toast.tsx';

interface Props extends Pick<FormCheckProps, 'id' | 'className' | 'label' | 'aria-label'> {
  /** As the server has it. */
  on: boolean;
  /** Settled when the server has answered and `on` is true to it again. */
  change: (on: boolean) => Promise<unknown>;
}

export function InstantSwitch({ on, change, ...rest }: Props) {
  // React's own state: what a mutation tells comes a moment later, and the switch would flicker meanwhile.
  const [chosen, setChosen] = useState<boolean>();
  const choose = async (wanted: boolean): Promise<void> => {
    setChosen(wanted);
    await change(wanted).catch(tellFailure);
    // Unless something else has been chosen since.
    setChosen((now) => (now === wanted ? undefined : now));
  };
  return (
    <Form.Check {...rest} type="switch" checked={chosen ?? on} onChange={({ target }) => void choose(target.checked)} />
  );
}
