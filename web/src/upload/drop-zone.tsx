/** Where a file goes in: by drop, by button, and while it is on its way, how far it is. */
import { type ChangeEvent, useRef } from 'react';
import Button from 'react-bootstrap/Button';
import { formatBytes, formatLimit, plural } from '../format.ts';
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
          {state.phase === 'failed' && (
            <>
              <Failure error={state.error} onRetry={dismiss} retry="Close" takeFocus />
              {state.done > 0 && <p role="status">{plural(state.done, 'other file')} analysed.</p>}
            </>
          )}
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
    start([...(target.files ?? [])]);
    // The same file may be chosen again.
    target.value = '';
  };
  return (
    <>
      <Icon name="upload" className="drop-icon" />
      <p className="drop-title">Drop files here</p>
      <p className="drop-text">
        A capture (pcap, pcapng) or a flow log (CSV, Zeek).
        <span className="drop-limits">
          {limits &&
            `Logs up to ${formatLimit(limits.text_bytes)}, captures up to ${formatLimit(limits.capture_bytes)}.`}
        </span>
      </p>
      <input
        ref={input}
        type="file"
        multiple
        className="visually-hidden"
        tabIndex={-1}
        aria-label="File to scan"
        onChange={choose}
      />
      <Button size="lg" onClick={() => input.current?.click()}>
        Choose files
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
          <p className="text-body-secondary mb-0">
            {formatBytes(state.bytes)}
            {state.waiting > 0 && `, ${plural(state.waiting, 'more file')} to come`}
          </p>
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
      <span className="notice-text">
        {state.done === 1 ? `${state.name} is analysed.` : `${plural(state.done, 'file')} are analysed.`}
      </span>
      <Link href={state.done === 1 ? `/scans/${state.scanId}` : '/scans'} onClick={dismiss}>
        View the {state.done === 1 ? 'result' : 'results'}
      </Link>
    </p>
  );
}
