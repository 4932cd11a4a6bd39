/** Deleting what a scan has found; whoever wants that is asked once, for it cannot be had back. */
import { useRef } from 'react';
import Button from 'react-bootstrap/Button';
import type { ScanReport } from '../../../src/api/contract.ts';
import { Failure } from '../part/state.tsx';
import { tell } from '../part/toast.tsx';
import { useRemoveScan } from '../queries.ts';
import { navigate } from '../router.tsx';

export function DeleteScan({ scan: { id, file } }: { scan: ScanReport }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const remove = useRemoveScan(id);
  const leave = () => {
    navigate('/scans');
    tell(`Scan #${id}${file ? ` of ${file}` : ''} is deleted.`);
  };
  return (
    <>
      <Button variant="outline-secondary" onClick={() => dialog.current?.showModal()}>
        Delete
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby="delete-scan">
        <h2 id="delete-scan">Delete scan #{id}?</h2>
        <p>
          What was found in {file || 'it'} is deleted and cannot be brought back. The file itself stays where you have
          it and can be scanned again.
        </p>
        {remove.error && <Failure error={remove.error} />}
        <div className="dialog-actions">
          <Button variant="outline-secondary" onClick={() => dialog.current?.close()}>
            Cancel
          </Button>
          <Button
            variant="danger"
            disabled={remove.isPending}
            onClick={() => void remove.mutateAsync().then(leave, () => undefined)}
          >
            Delete it
          </Button>
        </div>
      </dialog>
    </>
  );
}
