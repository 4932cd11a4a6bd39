/** A file dropped anywhere on the page is meant for Guardian, and never opened by the browser instead. */
import { useEffect, useState } from 'react';
import { Icon } from '../part/icon.tsx';
import { navigate } from '../router.tsx';
import { useUpload } from './upload-context.tsx';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropAnywhere() {
  const { start } = useUpload();
  const [over, setOver] = useState(false);

  useEffect(() => {
    const hover = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Leaving the window has no element to go to; moving between elements has.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      navigate('/');
      start(files);
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [start]);

  if (!over) return null;
  return (
    <div className="drop-anywhere" aria-hidden="true">
      <Icon name="upload" className="drop-icon" />
      Drop to scan
    </div>
  );
}
