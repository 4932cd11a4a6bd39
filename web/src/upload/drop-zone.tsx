/** Where a file goes in: by drop, by button, and while it is on its way, how far it is. */
import { type ChangeEvent, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import { formatBytes } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { Progress } from '../part/progress.tsx';
import { Failure } from '../part/state.tsx';
import { useStatus } from '../queries.ts';
import { Link } from '../router.tsx';
import { type UploadState, useUpload } from './upload-context.tsx';

export function DropZone() {
  const { state, cancel, dismiss } = useUpload();
  return (
    <div className="drop-zone" data-phase={state.phase}>
      {(state.phase === 'sending' || state.phase === 'analysing') && <Running state={state} onCancel={cancel} />}
      {(state.phase === 'idle' || state.phase === 'failed' || state.phase === 'done') && (
        <>
          {state.phase === 'failed' && <Failure error={state.error} onRetry={dismiss} retry="Close" takeFocus />}
          {state.phase === 'done' && <Done state={state} />}
          <Chooser />
        </>
      )}
    </div>
  );
}

function Chooser() {
  const { start } = useUpload();
  const input = useRef<HTMLInputElement>(null);
  const limits = useStatus().data?.limits;
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file) start(file);
    // The same file may be chosen again.
    target.value = '';
  };
  return (
    <>
      <Icon name="upload" className="drop-icon" />
      <p className="drop-title">Drop a file here</p>
      <p className="drop-text">
        A capture (pcap, pcapng) or a flow log (CSV, Zeek).
        <span className="drop-limits">
          {limits &&
            `Logs up to ${formatBytes(limits.text_bytes)}, captures up to ${formatBytes(limits.capture_bytes)}.`}
        </span>
      </p>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="File to scan"
        onChange={choose}
      />
      <Button size="lg" onClick={() => input.current?.click()}>
        Choose a file
      </Button>
    </>
  );
}

function Running({ state, onCancel }: { state: Extract<UploadState, { bytes: number }>; onCancel: () => void }) {
  const step = state.phase === 'sending' ? 'Sending' : 'Analysing';
  return (
    <div className="running">
      <div className="running-head">
        <Icon name="file" className="running-icon" />
        <div className="running-file">
          <p className="running-name">{state.name}</p>
          <p className="text-body-secondary mb-0">{formatBytes(state.bytes)}</p>
        </div>
        <Button variant="outline-secondary" size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <Progress label={`${step} ${state.name}`} fraction={state.fraction} />
      <p className="running-step" role="status">
        {step} … <span className="num">{Math.round(state.fraction * 100)} %</span>
      </p>
    </div>
  );
}

function Done({ state }: { state: Extract<UploadState, { phase: 'done' }> }) {
  const { dismiss } = useUpload();
  return (
    <p className="notice" role="status">
      <Icon name="check" className="notice-icon" />
      <span className="notice-text">{state.name} is analysed.</span>
      <Link href={`/scans/${state.scanId}`} onClick={dismiss}>
        View the result
      </Link>
    </p>
  );
}
