/** The running upload in one line, on every view but the one that shows it large. */
import Button from 'react-bootstrap/Button';
import { Icon } from '../part/icon.tsx';
import { Progress } from '../part/progress.tsx';
import { Link } from '../router.tsx';
import { useUpload } from './upload-context.tsx';

export function UploadStrip() {
  const { state, dismiss } = useUpload();
  if (state.phase === 'idle') return null;
  return (
    <aside className="strip" aria-label="Upload">
      {(state.phase === 'sending' || state.phase === 'analysing') && (
        <>
          <span className="strip-name">
            {state.phase === 'sending' ? 'Sending' : 'Analysing'} {state.name}
          </span>
          <Progress label={`Progress of ${state.name}`} fraction={state.fraction} />
        </>
      )}
      {state.phase === 'failed' && (
        <span className="strip-name" role="alert">
          {state.error.message}
        </span>
      )}
      {state.phase === 'done' && (
        <span className="strip-name" role="status">
          {state.name} is analysed.{' '}
          <Link href={`/scans/${state.scanId}`} onClick={dismiss}>
            View the result
          </Link>
        </span>
      )}
      {(state.phase === 'failed' || state.phase === 'done') && (
        <Button variant="link" size="sm" aria-label="Dismiss" onClick={dismiss}>
          <Icon name="close" />
        </Button>
      )}
    </aside>
  );
}
